import { expect, test } from "vitest";
import { solveEnergy } from "/work/wt/distributions/packages/runtime/src/jets/solve-energy.ts";
import { exponentialEnergy } from "/work/wt/distributions/packages/runtime/src/jets/exponential-energy.ts";
import { referenceKernels as kernels } from "/work/wt/distributions/packages/runtime/src/kernels/reference-kernels.ts";
import { factorLength } from "/work/wt/distributions/packages/runtime/src/kernels/phase-type-kernels.ts";
import { generatorPattern } from "/work/wt/distributions/packages/runtime/src/patterns/operator-pattern.ts";
import { denseTrace, denseMatrix, denseSolve, denseExponential } from "/work/wt/distributions/packages/runtime/tests/support/dense-chain.ts";
const rnd=(n:number)=>Float64Array.from({length:n},()=>Math.random()+0.1);
test("solve", () => {
  const tr=denseTrace(5); const slots=rnd(tr.slotCount); const kill=rnd(5); const b=rnd(10), w=rnd(10);
  const phi=(s:Float64Array,k:Float64Array,b:Float64Array,w:Float64Array)=>{ let t=0; for(let r=0;r<2;r++){const x=denseSolve(denseMatrix(tr,s,k),b.subarray(5*r,5*r+5)); for(let i=0;i<5;i++) t+=w[5*r+i]*x[i];} return t;};
  const f=new Float64Array(factorLength(tr)); kernels.factor(tr,slots,kill,f);
  const d=[rnd(tr.slotCount),rnd(5),rnd(10),rnd(10)];
  const base=[slots,kill,b,w];
  const G=(h:number)=>{const c=base.map((x,i)=>x.map((v,j)=>v+h*d[i][j])); const ff=new Float64Array(factorLength(tr)); kernels.factor(tr,c[0],c[1],ff);
    return solveEnergy.gradient({order:0,items:c.map(x=>[x]),constants:[ff],shapes:[[tr.slotCount],[5],[2,5],[2,5]],parameters:{trace:tr},wanted:[true,true,true,true],kernels});};
  const g=G(0);
  // directional
  let dd=0; for(let i=0;i<4;i++) for(let j=0;j<d[i].length;j++) dd+=g[i][0]![j]*d[i][j];
  const h=1e-5; const c=(hh:number)=>base.map((x,i)=>x.map((v,j)=>v+hh*d[i][j])) as any;
  const fd=(phi(...(c(h) as [any,any,any,any]))-phi(...(c(-h) as [any,any,any,any])))/(2*h);
  console.log("solve grad",dd,fd);
  for (const big of [false,true]) {
    const items=base.map((x,i)=>[x,d[i]]);
    const req={order:1,items,constants:[f],shapes:[[tr.slotCount],[5],[2,5],[2,5]],parameters:{trace:tr},wanted:[true,true,true,true,true,true,true,true],kernels};
    const g1=solveEnergy.gradient(req as any);
    const gp=G(h),gm=G(-h);
    for(let i=0;i<4;i++){ const fdv=gp[i][0]!.map((v,j)=>(v-gm[i][0]![j])/(2*h)); console.log(i, Math.max(...fdv.map((v,j)=>Math.abs(v-g1[i][1]![j]))), Math.max(...fdv.map(Math.abs)));}
  }
});
test("exp", () => {
  const tr=denseTrace(4); const pattern=generatorPattern(tr); const N=3,M=2;
  const base=[rnd(tr.slotCount),rnd(M*4),rnd(4),Float64Array.of(0.3,1.7,4),rnd(N)];
  const d=base.map(x=>rnd(x.length));
  const L=Float64Array.of(-0.1,-0.2,-0.3), rows=Float64Array.of(0,1,0);
  const phi=(s:any,l:any,r:any,t:any,g:any)=>{let tot=0; const A=denseMatrix(tr,s).map(x=>x.map(v=>-v)); for(let n=0;n<N;n++){const E=denseExponential(A,t[n]); let F=0; for(let i=0;i<4;i++)for(let j=0;j<4;j++)F+=l[rows[n]*4+i]*E[i][j]*r[j]; tot+=g[n]*Math.exp(-L[n])*F;} return tot;};
  const shapes=[[tr.slotCount],[M,4],[4],[N],[N]];
  const at=(h:number)=>base.map((x,i)=>x.map((v,j)=>v+h*d[i][j]));
  const G=(c:any[],order:number,wanted:boolean[])=>exponentialEnergy.gradient({order,items:c,constants:[L,rows],shapes,parameters:{pattern,law:"continuous"},wanted,kernels});
  const w0=Array(5).fill(true);
  const g=G(base.map(x=>[x]),0,w0);
  let dd=0; for(let i=0;i<5;i++) for(let j=0;j<d[i].length;j++) dd+=g[i][0]![j]*d[i][j];
  const h=1e-5; const fd=((phi as any)(...at(h))-(phi as any)(...at(-h)))/(2*h);
  console.log("exp grad",dd,fd);
  const g1=G(base.map((x,i)=>[x,d[i]]),1,Array(10).fill(true));
  const gp=G(at(h).map(x=>[x]),0,w0), gm=G(at(-h).map(x=>[x]),0,w0);
  for(let i=0;i<5;i++){ const fdv=gp[i][0]!.map((v,j)=>(v-gm[i][0]![j])/(2*h)); console.log(i, Math.max(...fdv.map((v,j)=>Math.abs(v-g1[i][1]![j]))), Math.max(...fdv.map(Math.abs)), Math.max(...g[i][0]!.map((v,j)=>Math.abs(v-g1[i][0]![j]))));}
  // order 2 along d and e
  const e=base.map(x=>rnd(x.length));
  const z=(x:Float64Array)=>x.map(()=>0);
  const g2=G(base.map((x,i)=>[x,d[i],e[i],z(x)]),2,Array(20).fill(true));
  const at2=(h:number)=>base.map((x,i)=>[x.map((v,j)=>v+h*e[i][j]),d[i]]);
  const p2=G(at2(h),1,Array(10).fill(true)), m2=G(at2(-h),1,Array(10).fill(true));
  for(let i=0;i<5;i++){ const fdv=p2[i][1]!.map((v,j)=>(v-m2[i][1]![j])/(2*h)); console.log("2nd",i, Math.max(...fdv.map((v,j)=>Math.abs(v-g2[i][3]![j]))), Math.max(...fdv.map(Math.abs)));}
});
