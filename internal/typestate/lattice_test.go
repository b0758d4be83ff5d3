package typestate

import (
	"go/token"
	"go/types"
	"math/rand"
	"testing"

	"golang.org/x/tools/go/ssa"
	"honnef.co/go/tools/analysis/dfa"

	"github.com/chanlint/chanlint/internal/place"
)

// laws holds a semilattice to what a fixpoint relies on.
func laws[L dfa.Semilattice[E], E any](t *testing.T, elems []E) {
	t.Helper()
	var l L
	for i, x := range elems {
		if !l.Equals(l.Merge(x, l.Ident()), x) || !l.Equals(l.Merge(l.Ident(), x), x) {
			t.Errorf("element %d: merging the identity changes it", i)
		}
		if !l.Equals(l.Merge(x, x), x) {
			t.Errorf("element %d: merging it with itself changes it", i)
		}
		for j, y := range elems {
			xy := l.Merge(x, y)
			if !l.Equals(xy, l.Merge(y, x)) {
				t.Errorf("elements %d, %d: merge depends on the order", i, j)
			}
			if !l.Equals(l.Merge(xy, y), xy) {
				t.Errorf("elements %d, %d: merging one of them again changes the merge", i, j)
			}
			for k, z := range elems {
				if !l.Equals(l.Merge(xy, z), l.Merge(x, l.Merge(y, z))) {
					t.Errorf("elements %d, %d, %d: merge depends on the grouping", i, j, k)
				}
			}
		}
	}
}

func TestFactsAreASemilattice(t *testing.T) {
	world := place.NewWorld(types.NewPackage("p", "p"), nil, nil, nil)
	a := &flow{engine: &engine{world: world}}
	r := rand.New(rand.NewSource(1))
	regs := []ssa.Value{new(ssa.Parameter), new(ssa.Parameter), new(ssa.MakeChan)}
	blocks := []*ssa.BasicBlock{{Index: 0}, {Index: 1}}
	deferred := []*ssa.Defer{new(ssa.Defer), new(ssa.Defer)}
	elems := []*fact{nil, newFact(a)}
	for range 14 {
		f := newFact(a)
		for _, reg := range regs {
			if r.Intn(3) > 0 {
				v := value{state: State(1 + r.Intn(7)), by: Site{Pos: token.Pos(1 + r.Intn(3))}}
				if r.Intn(2) == 0 {
					v.obj = regs[r.Intn(3)]
				}
				if r.Intn(2) == 0 {
					v.pending = Site{Pos: token.Pos(1 + r.Intn(3)), How: Deferred}
				}
				f.set(place.Register(reg), v)
			}
		}
		for i := range 2 {
			if r.Intn(2) == 0 {
				f.defers[deferred[i]] = true
			}
			if r.Intn(2) == 0 {
				f.doubts[blocks[i]] = true
			}
			if r.Intn(2) == 0 {
				f.zero[regs[i]] = r.Intn(2) == 0
			}
		}
		elems = append(elems, f)
	}
	laws[facts](t, elems)
}

func TestFuturesAreASemilattice(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	regs := []ssa.Value{new(ssa.Parameter), new(ssa.Parameter)}
	elems := []future{nil, {}}
	for range 14 {
		f := future{}
		for _, reg := range regs {
			for _, op := range []opKind{opClose, opSend} {
				if r.Intn(3) > 0 {
					site := siteAt{Site{Pos: token.Pos(1 + r.Intn(2))}, nil}
					f[awaited{place.Register(reg), op}] = reason{[]siteAt{site}, r.Intn(2) == 0, r.Intn(2) == 0, r.Intn(2) == 0}
				}
			}
		}
		elems = append(elems, f)
	}
	laws[futures](t, elems)
}

// What is closed on one path and open on another is neither for certain; what
// is not reached does not count.
func TestMergeUnitesStates(t *testing.T) {
	for _, tt := range []struct{ a, b, want State }{
		{Closed, Closed, Closed},
		{Closed, Open, Closed | Open},
		{Nil, Open, Nil | Open},
		{Any, Closed, Any},
	} {
		if got := (value{state: tt.a}).merge(value{state: tt.b}).state; got != tt.want {
			t.Errorf("merge of %b and %b is %b, want %b", tt.a, tt.b, got, tt.want)
		}
	}
}
