// Package fields finds misuse of channels that live in fields of structs, where
// the operations on one channel are spread over methods, goroutines and
// callers.
//
// The unit of analysis is the [Class]: all channels that one field of one
// struct type ever holds, or all channels in the map or slice that it holds.
// Every use of an unexported field stands in its package, so the operations of
// a class are known in full. What two operations do to each other is decided
// from what is known of their order: which goroutines reach them, which locks
// are held, which conditions guard them and what makes those conditions change,
// what waits for what.
//
// Classes do not tell one object from another. That is a small loss: in the
// code that was read for the design, no wrong report came from mixing up
// objects, and all of them from order.
package fields

import (
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/chanlint/chanlint/internal/chanssa"
)

// Analyzer provides the [*Result] of the package under analysis.
var Analyzer = &analysis.Analyzer{
	Name:       "chanfields",
	Doc:        "relate the operations on channels in fields of structs",
	Run:        run,
	Requires:   []*analysis.Analyzer{chanssa.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
}

// A Result answers questions about the fields of one package. It works when it
// is asked, because most of its answers are wanted only by those who ask for
// likely findings.
type Result struct {
	certain, likely func() []Finding
}

// Certain returns what is certain, sorted by position.
func (r *Result) Certain() []Finding { return r.certain() }

// Likely returns what is likely, sorted by position.
func (r *Result) Likely() []Finding { return r.likely() }

func run(pass *analysis.Pass) (any, error) {
	p := pass.ResultOf[chanssa.Analyzer].(*chanssa.Package)
	res := new(Result)
	res.certain = sync.OnceValue(func() []Finding {
		if p.SSA == nil || !hasChannelField(pass.Pkg) {
			return nil
		}
		return (&world{pass: pass, pkg: p}).oneSided()
	})
	res.likely = sync.OnceValue(func() []Finding {
		if p.SSA == nil {
			return nil
		}
		return newWorld(pass, p).findLikely()
	})
	return res, nil
}

// hasChannelField reports whether a struct type of the package has an
// unexported field of channel type.
func hasChannelField(pkg *types.Package) bool {
	for _, name := range pkg.Scope().Names() {
		tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		st, ok := tn.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for f := range st.Fields() {
			if _, isChan := f.Type().Underlying().(*types.Chan); isChan && !f.Exported() {
				return true
			}
		}
	}
	return false
}
