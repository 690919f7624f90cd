!function(d){try{let e=d.documentElement,r=JSON.parse(localStorage["hotclock-theme"]),u=[],z=new Set,s=new CSSStyleSheet,l=d.adoptedStyleSheets,
f=(x,n,v)=>v==null?x.removeAttribute(n):x.setAttribute(n,v),
a=(x,n,v,b=x.getAttribute(n))=>{f(x,n,v);u.push(()=>f(x,n,b))},
c=x=>x&&(x.nextSibling||c(x.parentNode)),
m=new MutationObserver(()=>{for(let x of d.querySelectorAll("[data-hc-element],[data-hc-skin]"))if(!z.has(x)&&c(x)){
let i=r.elements[x.dataset.hcElement],k=r.skins[x.dataset.hcSkin],q="[data-hc-text]";z.add(x);
k&&a(x,"class",x.className+" "+k);
if(i){a(x,"hidden",i.hidden);if(i.text&&(q=x.matches(q)?x:x.querySelector(q))){let o=[...q.childNodes];q.textContent=i.text;u.push(()=>q.replaceChildren(...o))}}}});
if(r.until<=Date.now()||(e.dataset.hcCountry||r.country)!=r.country)return;
s.replaceSync(r.css);l.push(s);r.root.map(p=>a(e,...p));m.observe(d,{childList:1,subtree:1});
self.hotclockUndress=()=>{m.disconnect();l.splice(l.indexOf(s),1);u.map(f=>f());delete self.hotclockUndress}}catch{}}(document)
