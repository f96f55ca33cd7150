import { homePage } from "./home/home-page.ts";
import { leftBehind } from "./keeping/index.ts";
import { WorkbookPage } from "./page/index.ts";

const prefix = "/w/";
const place = document.getElementById("page")!;
if (location.pathname.startsWith(prefix)) {
  const path = location.pathname.slice(prefix.length).split("/").map(decodeURIComponent).join("/");
  void leftBehind(path).then((left) => {
    place.replaceChildren(new WorkbookPage(path, undefined, left).element);
  });
} else {
  place.replaceChildren(homePage());
}
