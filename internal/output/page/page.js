"use strict";
// Findings are listed by the page itself; what is behind one is drawn when it is
// opened, so that thousands cost nothing. Text from source files enters the page
// as text nodes only.
const data = JSON.parse(document.getElementById("data").textContent);
const cards = [...document.querySelectorAll("ol.cards > li")];
const byId = (id) => document.getElementById(id);

function element(tag, className, ...children) {
	const e = document.createElement(tag);
	if (className) e.className = className;
	e.append(...children);
	return e;
}

// flow draws an interleaving: time goes down, each goroutine has a column.
function flow(finding) {
	const columns = finding.goroutines.map((g) => g.number);
	const table = element("table", "flow");
	table.append(element("caption", "hidden", "How it comes about, step by step"));
	const head = element("tr", "");
	const corner = element("th", "", element("span", "hidden", "Step"));
	corner.scope = "col";
	head.append(corner);
	for (const g of finding.goroutines) {
		const th = element("th", "", element("b", "", "goroutine " + g.number), element("small", "", g.name || ""));
		th.scope = "col";
		head.append(th);
	}
	const source = element("th", "", "source");
	source.scope = "col";
	head.append(source);
	table.append(element("thead", "", head));
	const lives = lifetimes(finding);
	const body = element("tbody", "");
	finding.rows.forEach((row, i) => body.append(line(finding, row, i, columns, lives)));
	body.append(tail(columns, lives));
	table.append(body);
	return table;
}

// lifetimes returns for each goroutine the rows in which it begins and ends.
function lifetimes(finding) {
	const lives = new Map();
	finding.goroutines.forEach((g) => lives.set(g.number, { born: -1, ended: Infinity, stuck: Infinity }));
	finding.rows.forEach((row, i) => row.steps.forEach((s) => {
		const life = lives.get(s.goroutine);
		if (life.born < 0) life.born = i;
		if (s.other && lives.has(s.other) && lives.get(s.other).born < 0) lives.get(s.other).born = i;
		if (s.text === "returns") life.ended = i;
		if (s.final) life.stuck = i;
		if (s.text.startsWith("panics")) life.panics = true;
	}));
	return lives;
}

// tail lets what is blocked go on for ever.
function tail(columns, lives) {
	const tr = element("tr", "");
	tr.setAttribute("aria-hidden", "true");
	tr.append(element("td", "n"));
	for (const g of columns) {
		const life = lives.get(g);
		tr.append(element("td", "g" + (life.stuck < Infinity && !life.panics ? " alive stuck" : "")));
	}
	tr.append(element("td", "src", "\u00a0"));
	return tr;
}

function arrow(right) {
	const head = element("span", "head", right ? "▶" : "◀");
	head.setAttribute("aria-hidden", "true");
	return head;
}

function line(finding, row, i, columns, lives) {
	const first = row.steps[0];
	const tr = element("tr", row.steps.some((s) => s.final) ? "end" : "");
	const n = element("th", "n", String(i + 1));
	n.scope = "row";
	tr.append(n);
	const from = columns.indexOf(first.goroutine), to = first.other ? columns.indexOf(first.other) : -1;
	columns.forEach((g, c) => {
		const life = lives.get(g);
		const td = element("td", "g");
		if (life.born >= 0 && i >= life.born && i <= life.ended && !(life.panics && i > life.stuck)) td.classList.add("alive");
		if (i === life.born) td.classList.add("born");
		if (i === life.ended || life.panics && i === life.stuck) td.classList.add("last");
		if (i > life.stuck) td.classList.add("stuck");
		if (to >= 0 && from !== to && c >= Math.min(from, to) && c <= Math.max(from, to)) {
			td.classList.add("across");
			if (c === Math.min(from, to)) td.classList.add("rightward");
			if (c === Math.max(from, to)) td.classList.add("leftward");
		}
		const step = row.steps.find((s) => s.goroutine === g);
		if (step) {
			if (c === to) td.append(arrow(to > from));
			td.append(element("span", "step" + (step.final ? " final" : ""), (step.final ? "✗ " : "") + step.text));
		} else if (c === to) {
			td.append(arrow(to > from));
		}
		tr.append(td);
	});
	const src = element("td", "src");
	row.steps.forEach((s, k) => {
		if (k > 0) src.append("\n");
		src.append(element("span", "place", s.place), s.source);
	});
	tr.append(src);
	return tr;
}

// draw fills in what is behind a finding.
function draw(details) {
	const body = details.querySelector(".body");
	if (body.childElementCount > 0) return;
	const finding = data[Number(details.dataset.i)];
	if (finding.rows.length > 0) {
		const scroll = element("div", "scroll", flow(finding));
		scroll.tabIndex = 0;
		scroll.setAttribute("role", "group");
		scroll.setAttribute("aria-label", "How it comes about");
		body.append(element("h2", "hidden", "How it comes about"), scroll);
	}
	if (finding.related.length > 0) {
		const list = element("ul", "related");
		for (const r of finding.related) {
			list.append(element("li", "", element("span", "place", r.place), " " + r.text + " ", element("code", "", r.source)));
		}
		body.append(element("h3", "", "Related"), list);
	}
	for (const fix of finding.fixes) body.append(element("p", "", "Suggested fix, which chanlint -fix applies: " + fix));
	for (const test of finding.tests) body.append(element("p", "", "Confirmed by " + test));
	const about = element("p", "", "Package ", element("code", "", finding.package), ". ");
	if (finding.url && finding.url.startsWith("https://")) {
		const a = element("a", "", "About this check");
		a.href = finding.url;
		a.rel = "noreferrer";
		about.append(a);
	}
	body.append(about);
}

document.addEventListener("toggle", (e) => {
	if (e.target.open && e.target.dataset.i !== undefined) draw(e.target);
}, true);

// Filters.
const filters = byId("filters");
let texts;
function apply() {
	texts ||= cards.map((li) => (li.querySelector("summary").textContent + " " + li.dataset.package).toLowerCase());
	const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
	const pkg = byId("package").value;
	const wanted = (id) => new Set([...document.querySelectorAll("#" + id + " input:checked")].map((b) => b.value));
	const checks = wanted("checks"), levels = wanted("levels");
	let shown = 0;
	cards.forEach((li, i) => {
		const d = li.dataset;
		const ok = checks.has(d.check) && levels.has(d.level) && (!pkg || d.package === pkg) && words.every((w) => texts[i].includes(w));
		if (li.hidden === ok) li.hidden = !ok;
		if (ok) shown++;
	});
	byId("status").textContent = shown + " of " + cards.length + " shown";
}
if (filters) {
	filters.addEventListener("input", apply);
	filters.addEventListener("reset", () => setTimeout(apply));
	filters.addEventListener("submit", (e) => e.preventDefault());
}

// Keys.
function move(by) {
	const current = cards.findIndex((li) => li.contains(document.activeElement));
	for (let i = current < 0 && by < 0 ? cards.length - 1 : current + by; i >= 0 && i < cards.length; i += by) {
		if (cards[i].hidden) continue;
		cards[i].querySelector("summary").focus();
		cards[i].scrollIntoView({ block: "nearest" });
		return;
	}
}
function theme() {
	const root = document.documentElement;
	const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
	root.dataset.theme = dark ? "light" : "dark";
	byId("theme").setAttribute("aria-pressed", String(!dark));
}
byId("theme").setAttribute("aria-pressed", String(matchMedia("(prefers-color-scheme: dark)").matches));
byId("theme").addEventListener("click", theme);
byId("keys").addEventListener("click", () => byId("help").showModal());
document.addEventListener("keydown", (e) => {
	const typing = e.target.matches("input[type=search], select");
	if (e.key === "Escape" && typing) e.target.blur();
	if (typing || e.ctrlKey || e.metaKey || e.altKey || byId("help").open) return;
	switch (e.key) {
	case "j": move(1); break;
	case "k": move(-1); break;
	case "t": theme(); break;
	case "?": byId("help").showModal(); break;
	case "/": if (byId("search")) { byId("search").focus(); e.preventDefault(); } break;
	}
});

// A link to a finding opens it.
function open() {
	const li = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
	if (li && li.matches("ol.cards > li")) {
		li.querySelector("details").open = true;
		li.scrollIntoView();
	}
}
addEventListener("hashchange", open);
open();
