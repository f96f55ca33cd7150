import { homePage } from "./home-page.ts";
import { WorkbookPage } from "./workbook-page.ts";

const prefix = "/w/";
const place = document.getElementById("page")!;
if (location.pathname.startsWith(prefix)) {
  const path = location.pathname.slice(prefix.length).split("/").map(decodeURIComponent).join("/");
  place.replaceChildren(new WorkbookPage(path).element);
} else {
  place.replaceChildren(homePage());
}
