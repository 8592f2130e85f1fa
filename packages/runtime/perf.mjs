import { makeModel } from "./dist/index.js";
import { valueAndGrad, NdArray, grad } from "@phxlang/autodiff";
import * as M from "../../bench/models.mjs";
const med=(f,n=7)=>{f();f();const t=[];for(let i=0;i<n;i++){const a=performance.now();f();t.push(performance.now()-a);}t.sort((a,b)=>a-b);return t[n>>1];};
const desc=(cb,P)=>({name:"x",callback:cb,parameters:Array.from({length:P},(_,p)=>({name:"p"+p,shape:[],indexFrom:[],offset:p,size:1,lower:0,upper:null,lowerClosed:true,upperClosed:false,simplex:false,defaults:null,prior:null})),covariates:[],rewards:[]});
for (const [name,cb,th] of [["coal20",M.blockCounting(20)],["coal30",M.blockCounting(30)],["rabbits100",M.rabbits(100)],["islandc50",M.islandCounts(50)],["islandb12",M.islandBlocks(12)],["sirs60",M.sirs(60)],["mm1k1000",M.queue(1000)]]) {
  let t0=performance.now();
  const P=cb.features.parameterCount;
  const m=makeModel(desc(cb,P)); const build=performance.now()-t0;
  const th0=new NdArray(Float64Array.from({length:P},(_,i)=>1+0.3*i),[P],"f64");
  const mean=med(()=>m.mean(th0)); const gm=med(()=>grad(x=>m.mean(x))(th0));
  const mu=m.mean(th0).item();
  let pdf=NaN,gp=NaN,cdf=NaN; const times=Array.from({length:100},(_,i)=>2*mu*(i+1)/100);
  const w = m.explain.pdf(th0,times).work*m.graph.edgeCount;
  if (w<2e9){ pdf=med(()=>m.pdf(th0,times),3); cdf=med(()=>m.cdf(th0,times),3); gp=med(()=>grad(x=>m.logPdf(x,times).sum())(th0),3);}
  console.log(name,"n",m.graph.stateCount,"E",m.graph.edgeCount,"build",build.toFixed(1),"mean",mean.toFixed(3),"grad",gm.toFixed(3),"ratio",(gm/mean).toFixed(2),"| pdf100",pdf.toFixed(2),"cdf",cdf.toFixed(2),"gradlog",gp.toFixed(2),"ratio",(gp/pdf).toFixed(2),"E[T]",mu);
}
