// Before anything is painted: whose festival the page wears, and its stylesheet, which a first visit has nothing else
// of. boot.js, which follows, has it from the last visit.
{
  const asked = new URLSearchParams(location.search).get("country") ?? "";
  const country = /^([A-Z]{2}|GLOBAL)$/.test(asked) ? asked : "NP";
  const look = document.createElement("link");
  look.rel = "stylesheet";
  look.href = `/theme/${country}.css`;
  look.dataset.hcCss = "";
  look.setAttribute("blocking", "render");
  document.documentElement.dataset.hcCountry = country;
  document.head.append(look);
}
