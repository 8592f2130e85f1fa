// A picture as an HTML page that stands alone.

export function renderPage(title: string, svg: string): string {
  const safeTitle = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return (
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${safeTitle}</title>\n` +
    `<meta name="viewport" content="width=device-width, initial-scale=1">\n` +
    `<style>body { margin: 2rem auto; max-width: 60rem; } svg { width: 100%; height: auto; }</style>\n` +
    `</head>\n<body>\n${svg}</body>\n</html>\n`
  );
}
