package report

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var (
	chromium = flag.String("chromium", "", "run the page in this `program`")
	axe      = flag.String("axe", "", "check accessibility with this `file`, axe.min.js of axe-core")
	mermaid  = flag.String("mermaid", "", "parse diagrams with this `file`, mermaid.min.js of mermaid")
	shots    = flag.String("shots", "", "keep screenshots in this `directory`")
)

// browser returns a context for one tab of a headless browser.
func browser(t *testing.T) context.Context {
	t.Helper()
	if *chromium == "" {
		t.Skip("no -chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(*chromium), chromedp.NoSandbox, chromedp.WindowSize(1280, 1000))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// eval evaluates an expression in the page.
func eval[T any](t *testing.T, ctx context.Context, expression string) (v T) {
	t.Helper()
	run(t, ctx, chromedp.Evaluate(expression, &v))
	return v
}

// open shows a report.
func open(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	run(t, ctx, chromedp.Navigate("file://"+file), chromedp.WaitReady("#data"))
}

// inScheme has the page shown in light or dark.
func inScheme(scheme string) chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}})
}

func press(keys string) chromedp.Action { return chromedp.KeyEvent(keys) }

// slash is one event, as from a keyboard, so that the page can keep it from being
// typed.
var slash = input.DispatchKeyEvent(input.KeyDown).WithKey("/").WithText("/")

// TestKeys reaches everything without a mouse.
func TestKeys(t *testing.T) {
	ctx := browser(t)
	open(t, ctx, write(t, large(12), "html", "r.html"))
	focused := func() string {
		return eval[string](t, ctx, `(() => { const e = document.activeElement; return e.id || (e.matches("summary") && e.closest("li").id) || e.value || e.textContent.trim().slice(0, 20) || e.tagName; })()`)
	}
	ids := eval[[]string](t, ctx, `cards.map((li) => li.id)`)
	run(t, ctx, press("jj"))
	if got := focused(); got != ids[1] {
		t.Errorf("after j twice the focus is on %s, want the second finding", got)
	}
	run(t, ctx, press("k"), press(kb.Enter), chromedp.Poll(`cards[0].querySelector("table.flow") !== null`, nil))
	if got := focused(); got != ids[0] || !eval[bool](t, ctx, `cards[0].querySelector("details").open`) {
		t.Errorf("k and Enter do not open the first finding; the focus is on %s", got)
	}
	if n := eval[int](t, ctx, `cards[0].querySelectorAll("table.flow tbody tr").length`); n != 10 {
		t.Errorf("its interleaving has %d rows, want 9 moments and what goes on for ever", n) // ten steps, two of which are one
	}
	if got := eval[string](t, ctx, `cards[0].querySelector(".final").textContent`); got != "✗ send on c blocks forever" {
		t.Errorf("what is marked is %q", got)
	}
	// Tab reaches everything that does anything, in the order of the page.
	run(t, ctx, chromedp.Evaluate(`document.activeElement.blur(); window.scrollTo(0, 0)`, nil))
	var reached []string
	for range 60 {
		run(t, ctx, press(kb.Tab))
		reached = append(reached, focused())
	}
	all := strings.Join(reached, " ")
	for _, want := range []string{"theme", "keys", "search", "package", "leaksend", "waitleak", "certain", "likely", "Clear", ids[0], "About this check", ids[11]} {
		if !strings.Contains(all, want) {
			t.Errorf("Tab does not reach %s: %s", want, all)
		}
	}
	run(t, ctx, chromedp.Evaluate(`document.activeElement.blur()`, nil), slash, press("pkg3/"))
	if got := eval[string](t, ctx, `byId("status").textContent`); got != "1 of 12 shown" {
		t.Errorf("searching for pkg3/ shows %q", got)
	}
	run(t, ctx, press(kb.Escape), press("?"))
	if !eval[bool](t, ctx, `byId("help").open`) {
		t.Error("? does not show the keys")
	}
	run(t, ctx, press(kb.Escape), press("t"))
	if eval[bool](t, ctx, `byId("help").open`) || eval[string](t, ctx, `document.documentElement.dataset.theme`) != "dark" {
		t.Error("Esc does not close the help, or t does not switch to dark")
	}
}

// TestFilters filters by check, package and confidence, and clears the filters.
func TestFilters(t *testing.T) {
	ctx := browser(t)
	open(t, ctx, write(t, large(80), "html", "r.html"))
	status := func() string { return eval[string](t, ctx, `byId("status").textContent`) }
	click := func(selector string) {
		run(t, ctx, chromedp.Click(selector, chromedp.ByQuery))
	}
	click(`#checks input[value="leaksend"]`)
	if got := status(); got != "60 of 80 shown" {
		t.Errorf("without one of four checks: %s", got)
	}
	click(`#levels input[value="likely"]`) // every fifth
	if got := status(); got != "48 of 80 shown" {
		t.Errorf("without likely findings: %s", got)
	}
	run(t, ctx, chromedp.Evaluate(`byId("package").value = "example.org/m/pkg1"; byId("package").dispatchEvent(new Event("input", {bubbles: true}))`, nil))
	if got := status(); got != "2 of 80 shown" {
		t.Errorf("in one of forty packages: %s", got)
	}
	if n := eval[int](t, ctx, `cards.filter((li) => li.offsetParent !== null).length`); n != 2 {
		t.Errorf("%d findings can be seen, want 2", n)
	}
	click(`#filters button[type="reset"]`)
	run(t, ctx, chromedp.Poll(`byId("status").textContent === "80 of 80 shown"`, nil))
}

// TestHostile shows that no text of a source file runs or loads anything.
func TestHostile(t *testing.T) {
	ctx := browser(t)
	file := write(t, large(4), "html", "r.html")
	open(t, ctx, file)
	run(t, ctx, chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => d.open = true)`, nil), chromedp.Poll(`document.querySelectorAll("table.flow").length === 4`, nil))
	if got := eval[string](t, ctx, `document.title`); got != "chanlint: 4 findings" {
		t.Errorf("the title is %q", got)
	}
	if n := eval[int](t, ctx, `document.querySelectorAll("img, iframe, li b:not(th b)").length`); n != 0 {
		t.Errorf("the page has %d elements out of source text", n)
	}
	if n := eval[int](t, ctx, `performance.getEntriesByType("resource").length`); n != 0 {
		t.Errorf("the page has loaded %d things", n)
	}
	if !strings.Contains(eval[string](t, ctx, `document.querySelector("summary code").textContent`), hostile) {
		t.Error("the line of source is not shown as it is")
	}
}

// TestLarge renders 5,000 findings and says how long that takes.
func TestLarge(t *testing.T) {
	ctx := browser(t)
	file := write(t, large(5000), "html", "r.html")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	run(t, ctx, performance.Enable().WithTimeDomain(performance.EnableTimeDomainThreadTicks))
	before := cpu(t, ctx)
	start := time.Now()
	open(t, ctx, file)
	run(t, ctx, chromedp.Evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))`, nil, awaiting))
	loaded, busy := time.Since(start), cpu(t, ctx)-before
	timing := eval[map[string]float64](t, ctx, `(() => {
		const n = performance.getEntriesByType("navigation")[0];
		const time = (f) => { const t = performance.now(); f(); document.body.offsetHeight; return performance.now() - t; };
		return {
			parsed: n.domInteractive, loaded: n.loadEventEnd,
			open: time(() => { const d = document.querySelectorAll("details")[2500]; d.open = true; draw(d); d.scrollIntoView(); }),
			search: time(() => { byId("search").value = "pkg7/"; apply(); }),
			clear: time(() => { byId("search").value = ""; apply(); }),
			next: time(() => move(1)),
			end: time(() => scrollTo(0, document.body.scrollHeight)),
			heap: performance.memory.usedJSHeapSize / 1e6,
		};
	})()`)
	t.Logf("5,000 findings, %.1f MB: painted after %v, of which the page's thread computes %.2f s; ms: parsed %.0f, loaded %.0f, open one %.1f, search %.1f, clear %.1f, next %.1f, to the end %.1f; heap %.0f MB",
		float64(info.Size())/1e6, loaded.Round(time.Millisecond), busy, timing["parsed"], timing["loaded"], timing["open"], timing["search"], timing["clear"], timing["next"], timing["end"], timing["heap"])
	if n := eval[int](t, ctx, `document.querySelectorAll("table.flow").length`); n != 1 {
		t.Errorf("%d interleavings are drawn, want that of the finding that was opened", n)
	}
}

// cpu returns how long the page's thread has computed, in seconds: on a busy
// machine that says more than the clock.
func cpu(t *testing.T, ctx context.Context) (seconds float64) {
	t.Helper()
	run(t, ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		metrics, err := performance.GetMetrics().Do(ctx)
		for _, m := range metrics {
			if m.Name == "TaskDuration" {
				seconds = m.Value
			}
		}
		return err
	}))
	return seconds
}

// TestAccessible has axe-core look at the page with a finding opened.
func TestAccessible(t *testing.T) {
	ctx := browser(t)
	if *axe == "" {
		t.Skip("no -axe")
	}
	source, err := os.ReadFile(*axe)
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"light", "dark"} {
		file := write(t, large(12), "html", "r.html")
		run(t, ctx, inScheme(scheme))
		open(t, ctx, file)
		run(t, ctx,
			chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => d.open = true)`, nil),
			chromedp.Poll(`document.querySelectorAll("table.flow").length === 12`, nil),
			chromedp.Evaluate(string(source), nil))
		var result string
		run(t, ctx, chromedp.Evaluate(`axe.run().then((r) => JSON.stringify({passes: r.passes.length, unsure: r.incomplete.map((v) => v.id),
			violations: r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.html + " " + n.failureSummary).join(" | "))}))`,
			&result, awaiting))
		var r struct {
			Passes             int
			Unsure, Violations []string
		}
		if err := json.Unmarshal([]byte(result), &r); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d rules pass, not decided: %v", scheme, r.Passes, r.Unsure)
		for _, v := range r.Violations {
			t.Errorf("%s: %s", scheme, v)
		}
		if r.Passes < 20 {
			t.Errorf("%s: only %d rules apply", scheme, r.Passes)
		}
	}
}

// TestMermaid has Mermaid parse every diagram.
func TestMermaid(t *testing.T) {
	ctx := browser(t)
	if *mermaid == "" {
		t.Skip("no -mermaid")
	}
	source, err := os.ReadFile(*mermaid)
	if err != nil {
		t.Fatal(err)
	}
	generated, err := os.ReadFile(write(t, large(3), "markdown", "r.md"))
	if err != nil {
		t.Fatal(err)
	}
	var diagrams []string
	for _, text := range []string{string(generated), string(example(t, "markdown"))} {
		parts := strings.Split(text, "```mermaid\n")
		for _, p := range parts[1:] {
			diagram, _, _ := strings.Cut(p, "```")
			diagrams = append(diagrams, diagram)
		}
	}
	run(t, ctx, chromedp.Navigate("about:blank"), chromedp.Evaluate(string(source), nil))
	for _, d := range append(diagrams, "sequenceDiagram\n    nonsense over") {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var verdict string
		run(t, ctx, chromedp.Evaluate(`mermaid.parse(`+string(text)+`).then((r) => r.diagramType, (e) => "error: " + e)`, &verdict, awaiting))
		if want := !strings.Contains(d, "nonsense"); (verdict == "sequence") != want {
			t.Errorf("Mermaid says %s of\n%s", verdict, d)
		}
	}
	if len(diagrams) < 8 {
		t.Errorf("there are only %d diagrams", len(diagrams))
	}
	if *shots != "" {
		text, _ := json.Marshal(diagrams[0])
		run(t, ctx, chromedp.Evaluate(`mermaid.render("d", `+string(text)+`).then((r) => { document.body.innerHTML = r.svg; return ""; })`, nil, awaiting))
		shoot(t, ctx, "mermaid.png")
	}
}

// TestShots takes pictures of the example's report to be looked at.
func TestShots(t *testing.T) {
	ctx := browser(t)
	if *shots == "" {
		t.Skip("no -shots")
	}
	file := filepath.Join(t.TempDir(), "r.html")
	if err := os.WriteFile(file, example(t, "html"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"light", "dark"} {
		run(t, ctx, emulation.SetDeviceMetricsOverride(1280, 1600, 1, false), inScheme(scheme))
		open(t, ctx, file)
		run(t, ctx, chromedp.Evaluate(`document.querySelectorAll("details").forEach((d, i) => d.open = i < 2 || i === 4)`, nil),
			chromedp.Poll(`document.querySelectorAll("table.flow").length === 3`, nil), press("jj"))
		shoot(t, ctx, scheme+".png")
	}
	run(t, ctx, emulation.SetDeviceMetricsOverride(390, 844, 1, true))
	open(t, ctx, file)
	run(t, ctx, chromedp.Evaluate(`document.querySelector("details").open = true`, nil), chromedp.Poll(`document.querySelector("table.flow") !== null`, nil))
	shoot(t, ctx, "narrow.png")
}

func shoot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	var png []byte
	run(t, ctx, chromedp.Sleep(300*time.Millisecond), chromedp.CaptureScreenshot(&png)) // after it is painted; nothing depends on it
	if err := os.WriteFile(filepath.Join(*shots, name), png, 0o666); err != nil {
		t.Fatal(err)
	}
}

// awaiting has an evaluation wait for the promise that it returns.
func awaiting(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
