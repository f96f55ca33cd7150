import fc from "fast-check";

const tags = fc.constantFrom(
  "<!doctype html>\n",
  '<notebook theme="air">',
  "<notebook readonly theme='light-dark(a, b)' x=1>",
  "</notebook>",
  "<title>A &amp; B</title>",
  "<title>",
  '<meta name="author" content="A. &quot;B&quot;">',
  '\n  <script id="1" type="module">\n    ',
  '\n  <script id="2" type="text/markdown">\n',
  "<script>",
  "<SCRIPT TYPE=text/x-typescript kernel run=demand ID=a>",
  '<script type="application/sql" database="var:db" hidden pinned="">\r\n    ',
  '<script type="application/x-unknown" data-x=\'"\' id="1">',
  "<script id=1 type='text/html'",
  '<script x="',
  "<script/>",
  "\n  </script>",
  "</script>",
  "</script >",
  "</SCRIPT\n>",
  "</script/>",
  "</scripty>",
  "</script",
  "<style>",
  "</style>",
  "<p title='<script>'>",
);
const inside = fc.constantFrom(
  "<!-- ",
  "-->",
  "--!>",
  "<!-->",
  "<!-- <script>",
  "<\\!-- <script ",
  "<\\!--",
  "<script",
  "<\\/script>",
  "<\\\\/script/>",
  "</script/",
  "<?x ?>",
  "<",
  ">",
  "&amp;",
  '"',
  "'",
  "=",
  "/",
  "\\",
  "`${",
  "}`",
  "const a = 1;",
  "# h",
  "\0",
  "\ufeff",
  "\u00a0",
  "\u2028",
  "\ud800",
  "__proto__",
);
const space = fc.constantFrom("\n", "\n", "\n\n", "\r\n", "\r", "    ", "  ", " ", "\t", "\f");
const any = fc.oneof(tags, inside, space, fc.string({ maxLength: 5 }));

/** Texts made of what matters to a notebook in HTML: tags, comments, escapes, line ends. */
export const observableText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "<notebook>", "<!doctype html>\n<notebook>"),
    fc.array(any, { maxLength: 40 }),
  )
  .map(([begin, parts]) => begin + parts.join(""));

/** Sources that a notebook in HTML has trouble to hold. */
export const observableSource: fc.Arbitrary<string> = fc
  .array(fc.oneof(inside, space, tags, fc.string({ maxLength: 5 })), { maxLength: 15 })
  .map((parts) => parts.join(""));
