// The tokens of the language, and those of other languages that people bring along.
import { createToken, Lexer } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";

// Categories -----------------------------------------------------------------------------------------------

/** Joins two operands of any kind. */
export const Infix: TokenType = createToken({ name: "Infix", pattern: Lexer.NA });
/** Joins two numbers. */
export const ArithmeticInfix: TokenType = createToken({
  name: "ArithmeticInfix",
  pattern: Lexer.NA,
  categories: Infix,
});
/** Opens one of the declarations. */
export const DeclarationWord: TokenType = createToken({ name: "DeclarationWord", pattern: Lexer.NA });
/** Belongs to another language; reported, then replaced or dropped before parsing. */
export const Foreign: TokenType = createToken({ name: "Foreign", pattern: Lexer.NA });
/** Bounds a parameter on one side. */
export const Inequality: TokenType = createToken({
  name: "Inequality",
  pattern: Lexer.NA,
  categories: Infix,
});

// Names and words ------------------------------------------------------------------------------------------

/** A name. Clause words are names too, wherever a name can stand. */
export const Identifier: TokenType = createToken({ name: "Identifier", pattern: /[A-Za-z_][A-Za-z0-9_]*/ });

function reserved(word: string, categories: TokenType[] = []): TokenType {
  return createToken({ name: `word ${word}`, pattern: word, longer_alt: Identifier, categories });
}

function clause(word: string): TokenType {
  return createToken({
    name: `clause ${word}`,
    pattern: word,
    longer_alt: Identifier,
    categories: Identifier,
  });
}

function declaration(word: string): TokenType {
  return reserved(word, [DeclarationWord]);
}

export const Model: TokenType = declaration("model");
export const Use: TokenType = declaration("use");
export const Const: TokenType = declaration("const");
export const Param: TokenType = declaration("param");
export const Covariate: TokenType = declaration("covariate");
export const State: TokenType = declaration("state");
export const Start: TokenType = declaration("start");
export const Stop: TokenType = declaration("stop");
export const Event: TokenType = declaration("event");
export const Reward: TokenType = declaration("reward");
export const Def: TokenType = declaration("def");
export const Epoch: TokenType = declaration("epoch");
export const Enter: TokenType = declaration("enter");
export const Data: TokenType = declaration("data");
export const Observe: TokenType = declaration("observe");
export const For: TokenType = reserved("for");
export const In: TokenType = reserved("in");
export const When: TokenType = reserved("when");
export const If: TokenType = reserved("if");
export const Then: TokenType = reserved("then");
export const Else: TokenType = reserved("else");
export const Or: TokenType = reserved("or", [Infix]);
export const And: TokenType = reserved("and", [Infix]);
export const Not: TokenType = reserved("not");
export const True: TokenType = reserved("true");
export const False: TokenType = reserved("false");
export const Rest: TokenType = reserved("rest");

export const Discrete: TokenType = clause("discrete");
export const From: TokenType = clause("from");
export const On: TokenType = clause("on");
export const By: TokenType = clause("by");
export const At: TokenType = clause("at");
export const Path: TokenType = clause("path");
export const Censored: TokenType = clause("censored");
export const Exact: TokenType = clause("exact");
export const Simplex: TokenType = clause("simplex");
export const Bool: TokenType = clause("bool");
export const With: TokenType = clause("with");
export const Each: TokenType = clause("each");

const declarationWordTypes: readonly TokenType[] = [
  Model,
  Use,
  Const,
  Param,
  Covariate,
  State,
  Start,
  Stop,
  Event,
  Reward,
  Def,
  Epoch,
  Enter,
  Data,
  Observe,
];

const otherReserved: readonly TokenType[] = [For, In, When, If, Then, Else, Or, And, Not, True, False, Rest];
const clauseTypes: readonly TokenType[] = [
  Discrete,
  From,
  On,
  By,
  At,
  Path,
  Censored,
  Exact,
  Simplex,
  Bool,
  With,
  Each,
];

function wordOf(type: TokenType): string {
  return typeof type.PATTERN === "string" ? type.PATTERN : "";
}

/** The words that open a declaration, `model` included. */
export const declarationWords: readonly string[] = declarationWordTypes.map(wordOf);

/** The words that cannot be names. */
export const reservedWords: readonly string[] = [...declarationWordTypes, ...otherReserved].map(wordOf);

const reservedWordSet: ReadonlySet<string> = new Set(reservedWords);

/** Whether a token is a word that cannot be a name. */
export function isReserved(token: IToken): boolean {
  return reservedWordSet.has(token.image);
}

// Literals -------------------------------------------------------------------------------------------------

export const NumberToken: TokenType = createToken({ name: "Number", pattern: /\d+(\.\d+)?([eE][+-]?\d+)?/ });
export const Text: TokenType = createToken({ name: "Text", pattern: /"[^"\n\r]*"/ });
export const Ticked: TokenType = createToken({ name: "Ticked", pattern: /`[^`\n\r]+`/ });

// Signs ----------------------------------------------------------------------------------------------------

function sign(name: string, pattern: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern, categories });
}

export const DotDot: TokenType = sign("..", "..");
export const Dot: TokenType = sign(".", ".");
export const Comma: TokenType = sign(",", ",");
export const Colon: TokenType = sign(":", ":");
export const AtSign: TokenType = sign("@", "@");
export const Tilde: TokenType = sign("~", "~");
export const OpenParenthesis: TokenType = sign("(", "(");
export const CloseParenthesis: TokenType = sign(")", ")");
export const OpenBracket: TokenType = sign("[", "[");
export const CloseBracket: TokenType = sign("]", "]");
export const OpenBrace: TokenType = sign("{", "{");
export const CloseBrace: TokenType = sign("}", "}");
export const PlusAssign: TokenType = sign("+=", "+=");
export const MinusAssign: TokenType = sign("-=", "-=");
export const Equal: TokenType = sign("==", "==", [Infix]);
export const NotEqual: TokenType = sign("!=", "!=", [Infix]);
export const LessEqual: TokenType = sign("<=", "<=", [Inequality]);
export const GreaterEqual: TokenType = sign(">=", ">=", [Inequality]);
export const Less: TokenType = sign("<", "<", [Inequality]);
export const Greater: TokenType = sign(">", ">", [Inequality]);
export const Assign: TokenType = sign("=", "=");
export const Plus: TokenType = sign("+", "+", [ArithmeticInfix]);
export const Minus: TokenType = sign("-", "-", [ArithmeticInfix]);
export const Times: TokenType = sign("*", "*", [ArithmeticInfix]);
export const Divide: TokenType = sign("/", "/", [ArithmeticInfix]);
export const Caret: TokenType = sign("^", "^", [ArithmeticInfix]);

// What other languages write -------------------------------------------------------------------------------

function foreign(name: string, pattern: RegExp | string): TokenType {
  return createToken({ name, pattern, categories: Foreign });
}

export const UnclosedText: TokenType = foreign("unclosed text", /"[^"\n\r]*/);
export const UnclosedTicked: TokenType = foreign("unclosed ticked", /`[^`\n\r]*/);
/** `2.`, but neither `2.5` nor `2..n`. */
export const TrailingDot: TokenType = foreign("trailing dot", /\d+\.(?![.\d])/);
export const LeadingDot: TokenType = foreign("leading dot", /\.\d+([eE][+-]?\d+)?/);
export const AndSign: TokenType = foreign("and sign", /&&?/);
export const OrSign: TokenType = foreign("or sign", /\|\|?/);
export const Bang: TokenType = foreign("bang", "!");
export const Question: TokenType = foreign("question mark", "?");
export const Semicolon: TokenType = foreign("semicolon", ";");
export const Arrow: TokenType = foreign("arrow", "->");
export const DoubleStar: TokenType = foreign("double star", "**");
/** PRISM's mark of a new value, written right after a name. */
export const Prime: TokenType = createToken({
  name: "prime",
  pattern: /(?<=[A-Za-z0-9_\]])'/,
  start_chars_hint: ["'"],
  line_breaks: false,
  categories: Foreign,
});
export const SingleQuoted: TokenType = foreign("single quoted", /'[^'\n\r]*'/);
/** Characters that begin nothing: with it, every text is a row of tokens. */
// oxlint-disable-next-line no-control-regex -- control characters are meant
const strayPattern = /[\u0080-\uffff]+|[$%\\'\u0000-\u0008\u000e-\u001f\u007f]/;
export const Stray: TokenType = foreign("stray", strayPattern);

// The lexer ------------------------------------------------------------------------------------------------

export const CommentToken: TokenType = createToken({
  name: "Comment",
  pattern: /#[^\n\r]*/,
  group: "comments",
});
const Blank = createToken({ name: "Blank", pattern: /[ \t\n\r\f\v\u00a0\ufeff]+/, group: Lexer.SKIPPED });

/** Every token type; where two match at one place, the earlier one is taken. */
export const tokenTypes: readonly TokenType[] = [
  Blank,
  CommentToken,
  ...declarationWordTypes,
  ...otherReserved,
  ...clauseTypes,
  Identifier,
  TrailingDot,
  NumberToken,
  Text,
  UnclosedText,
  Ticked,
  UnclosedTicked,
  Prime,
  SingleQuoted,
  DotDot,
  LeadingDot,
  Dot,
  Comma,
  Colon,
  AtSign,
  Tilde,
  OpenParenthesis,
  CloseParenthesis,
  OpenBracket,
  CloseBracket,
  OpenBrace,
  CloseBrace,
  Arrow,
  PlusAssign,
  MinusAssign,
  Equal,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Assign,
  DoubleStar,
  Plus,
  Minus,
  Times,
  Divide,
  Caret,
  AndSign,
  OrSign,
  Bang,
  Question,
  Semicolon,
  Stray,
  Infix,
  ArithmeticInfix,
  Inequality,
  DeclarationWord,
  Foreign,
];

/** Chevrotain's self-checks call Object.groupBy, which Node 20 lacks; newer hosts run them in the tests. */
export const skipValidations: boolean = !("groupBy" in Object);

let lexerOnce: Lexer | undefined;

/** The lexer, made at first use. */
export function lexer(): Lexer {
  lexerOnce ??= new Lexer([...tokenTypes], {
    positionTracking: "onlyOffset",
    ensureOptimizations: true,
    skipValidations,
  });
  return lexerOnce;
}
