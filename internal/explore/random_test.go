package explore

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chanlint/chanlint/internal/model"
)

var (
	models = flag.Int("models", 2000, "how many random models to compare with the reference")
	seed   = flag.Uint64("seed", 0, "the first seed of the random models")
)

// refLimit bounds the states of the reference; larger models are skipped.
const refLimit = 4000

var refVars = []int{2, 1}

// TestRandom compares the explorer with the reference on random models. A
// disagreement is shrunk; save what it prints under testdata/models.
func TestRandom(t *testing.T) {
	n := *models
	if testing.Short() {
		n /= 10
	}
	skipped, stuck, panics := 0, 0, 0
	for k := range n {
		p := generate(seeded(*seed + uint64(k)))
		if err := Check(p); err != nil {
			t.Fatalf("seed %d: %v", *seed+uint64(k), err)
		}
		diff, known := disagreement(p, refVars, refLimit)
		if !known {
			skipped++
			continue
		}
		if diff != "" {
			report(t, *seed+uint64(k), p)
			continue
		}
		r := Explore(p, Options{Vars: refVars, MaxCost: 1 << 30})
		stuck += min(1, len(r.Stuck))
		panics += min(1, len(r.Panics))
	}
	t.Logf("%d models: %d have a stuck goroutine, %d a panic, %d too large for the reference", n, stuck, panics, skipped)
	// The comparison says something only while models of all sorts occur.
	if skipped > n/5 || stuck < n/10 || panics < n/20 {
		t.Errorf("the random models are one-sided")
	}
}

func report(t *testing.T, seed uint64, p *model.Program) {
	t.Helper()
	p = shrink(p, func(p *model.Program) bool {
		d, known := disagreement(p, refVars, refLimit)
		return known && d != ""
	})
	diff, _ := disagreement(p, refVars, refLimit)
	t.Errorf("seed %d:\n%s\n%s", seed, diff, brief(t, p))
}

// brief writes a program as JSON without zero values.
func brief(t *testing.T, p *model.Program) string {
	t.Helper()
	var tree any
	text, err := json.Marshal(p)
	if err == nil {
		err = json.Unmarshal(text, &tree)
	}
	if err == nil {
		text, err = json.Marshal(prune(tree))
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), `{"Op"`, "\n"+`{"Op"`)
}

func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			e = prune(e)
			switch e := e.(type) {
			case nil:
				delete(v, k)
			case bool, float64, string:
				if e == false || e == 0.0 || e == "" {
					delete(v, k)
				}
			case map[string]any:
				if len(e) == 0 {
					delete(v, k)
				}
			}
		}
	case []any:
		for i := range v {
			v[i] = prune(v[i])
		}
	}
	return v
}

// TestKept runs the models that once showed a disagreement.
func TestKept(t *testing.T) {
	files, err := filepath.Glob("testdata/models/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		p := new(model.Program)
		if err := json.Unmarshal(text, p); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		diff, known := disagreement(p, refVars, refLimit)
		if !known || diff != "" {
			t.Errorf("%s: known %v\n%s", f, known, diff)
		}
	}
}

// FuzzExplore does what TestRandom does with models that the fuzzer steers.
func FuzzExplore(f *testing.F) {
	f.Add([]byte("chan"))
	f.Add([]byte{2, 1, 0, 0, 4, 9, 7, 1, 0, 3, 3, 3, 8, 7, 200, 13, 5, 6, 7})
	f.Fuzz(func(t *testing.T, data []byte) {
		src := bytesSource(data)
		p := generate(&src)
		if diff, known := disagreement(p, refVars, refLimit); known && diff != "" {
			report(t, 0, p)
		}
	})
}

// clone copies a program deeply.
func clone(p *model.Program) *model.Program {
	text, err := json.Marshal(p)
	if err != nil {
		return p
	}
	q := new(model.Program)
	if json.Unmarshal(text, q) != nil {
		return p
	}
	return q
}

// shrink simplifies a program as long as fails holds.
func shrink(p *model.Program, fails func(*model.Program) bool) *model.Program {
	for changed := true; changed; {
		changed = false
		for i := range p.Procs {
			for n := range p.Procs[i].Nodes {
				for _, f := range simplifications {
					q := clone(p)
					if f(q.Procs[i], n) && Check(q) == nil && fails(q) {
						p, changed = q, true
					}
				}
			}
		}
	}
	return compact(p)
}

// simplifications change a node into something simpler, or return false.
var simplifications = []func(*model.Proc, int) bool{
	func(p *model.Proc, n int) bool { // end here
		nd := &p.Nodes[n]
		if nd.Op == model.End {
			return false
		}
		*nd = model.Node{Op: model.End}
		return true
	},
	func(p *model.Proc, n int) bool { // skip the node
		nd := p.Nodes[n]
		if len(nd.Succ) == 0 || nd.Succ[0] == n {
			return false
		}
		return redirect(p, n, nd.Succ[0])
	},
	func(p *model.Proc, n int) bool { // always the first successor
		nd := &p.Nodes[n]
		if nd.Op != model.Choose || len(nd.Succ) < 2 {
			return false
		}
		nd.Succ = nd.Succ[:1]
		return true
	},
	func(p *model.Proc, n int) bool { // drop a case
		nd := &p.Nodes[n]
		if len(nd.Cases) == 0 {
			return false
		}
		k := len(nd.Cases) - 1
		nd.Cases = nd.Cases[:k]
		nd.Succ = append(nd.Succ[:k:k], nd.Succ[k+1:]...)
		return true
	},
	func(p *model.Proc, n int) bool { // no payload
		nd := &p.Nodes[n]
		if nd.Payload.Kind == model.PayNone {
			return false
		}
		nd.Payload = model.Payload{}
		return true
	},
	func(p *model.Proc, n int) bool { // no arguments
		nd := &p.Nodes[n]
		if len(nd.Args) == 0 {
			return false
		}
		nd.Args = nd.Args[:len(nd.Args)-1]
		return true
	},
	func(p *model.Proc, n int) bool { // constant
		nd := &p.Nodes[n]
		if len(nd.Expr.Terms) == 0 {
			return false
		}
		nd.Expr.Terms = nil
		return true
	},
}

// redirect replaces every edge to node n by one to m, and reports whether there
// was one.
func redirect(p *model.Proc, n, m int) bool {
	found := p.Entry == n
	if found {
		p.Entry = m
	}
	for i := range p.Nodes {
		nd := &p.Nodes[i]
		for k, s := range nd.Succ {
			if s == n && i != n {
				nd.Succ[k], found = m, true
			}
		}
		for k := range nd.Cases {
			if nd.Cases[k].Closed == n && i != n {
				nd.Cases[k].Closed, found = m, true
			}
		}
	}
	return found
}

// compact replaces what is not reachable by End.
func compact(p *model.Program) *model.Program {
	for _, proc := range p.Procs {
		seen := map[int]bool{}
		work := []int{proc.Entry}
		for len(work) > 0 {
			n := work[len(work)-1]
			work = work[:len(work)-1]
			if seen[n] {
				continue
			}
			seen[n] = true
			nd := &proc.Nodes[n]
			work = append(work, nd.Succ...)
			for _, c := range nd.Cases {
				work = append(work, c.Closed)
			}
		}
		for n := range proc.Nodes {
			if !seen[n] {
				proc.Nodes[n] = model.Node{Op: model.End}
			}
		}
	}
	return p
}
