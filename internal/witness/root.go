package witness

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
)

// roots decides which functions are explored: those that make a primitive, and
// those that have a constructor of the package make one for them. What a
// constructor makes leaves it, so that only its callers see what becomes of it.
type roots struct {
	makers  map[*ssa.Function]bool // see returned
	storers map[*ssa.Function]bool // see storesOne
	records [7]record              // of the attempts
}

func newRoots() *roots {
	return &roots{makers: map[*ssa.Function]bool{}, storers: map[*ssa.Function]bool{}}
}

// An attempt is a budget for one function.
type attempt struct {
	build.Limits
	states int // of one exploration
	record *record
}

// A record counts how an attempt went for the functions of a package.
type record struct{ tried, failed int }

// hopeless reports whether the attempt has failed nearly always: in a package whose
// constructors are too large to follow, each of their callers would show it again.
func (r *record) hopeless() bool { return r.failed >= 12 && r.failed*4 > r.tried*3 }

func (r *record) count(ok bool) {
	r.tried++
	if !ok {
		r.failed++
	}
}

// attempts returns the budgets under which fn is explored, to be tried in this
// order; nil if it is not. A function that makes its primitives itself is worth
// a model with fewer calls inlined, if the full one is too large; for one that
// leaves that to a constructor, such a model would hold nothing.
func (r *roots) attempts(fn *ssa.Function) []attempt {
	switch {
	case fn.Synthetic != "" && fn.Synthetic != "range-over-func yield":
		return nil
	case makesItself(fn):
		return []attempt{
			{build.Limits{Depth: build.Depth, Nodes: 1000}, 2000, &r.records[0]},
			{build.Limits{Depth: build.Depth, Nodes: 300}, 600, &r.records[1]},
			{build.Limits{Depth: 0, Nodes: 800}, 2000, &r.records[2]},
			{build.Limits{Depth: build.Depth, Nodes: 300, Few: true}, 2000, &r.records[6]},
		}
	case r.makes(fn):
		return []attempt{
			{build.Limits{Depth: build.Depth, Nodes: 350}, 700, &r.records[3]},
			{build.Limits{Depth: build.Depth, Nodes: 150}, 600, &r.records[4]},
			{build.Limits{Depth: 1, Nodes: 700}, 1500, &r.records[5]},
		}
	}
	return nil
}

// makesItself reports whether fn has the make of a primitive.
func makesItself(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if makesOne(instr) {
				return true
			}
		}
	}
	return false
}

// makesOne reports whether instr makes a primitive.
func makesOne(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.MakeChan:
		return true
	case *ssa.Alloc:
		return build.HoldsPrimitive(instr, true)
	}
	return false
}

// makes reports whether fn has a primitive that another function made for it.
func (r *roots) makes(fn *ssa.Function) bool {
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			if call, ok := instr.(*ssa.Call); ok && r.provides(&call.Call) {
				return true
			}
		}
	}
	return false
}

// provides reports whether a call gives its caller a primitive: it returns one,
// or makes one in a variable of the caller that it is given a pointer to.
func (r *roots) provides(call *ssa.CallCommon) bool {
	callee := call.StaticCallee()
	if callee == nil {
		return false
	}
	if build.MakesContext(callee) {
		return true
	}
	if o := callee.Origin(); o != nil && callee.Blocks == nil {
		callee = o
	}
	if callee.Blocks == nil {
		return false
	}
	return r.returned(callee) || slices.ContainsFunc(call.Args, build.IsLocal) && r.storesOne(callee)
}

// returned reports whether a result of fn can give access to a primitive that
// fn, or what it calls, makes.
func (r *roots) returned(fn *ssa.Function) bool {
	if got, ok := r.makers[fn]; ok {
		return got
	}
	r.makers[fn] = false // recursion makes nothing new
	seen := map[ssa.Value]bool{}
	for _, blk := range fn.Blocks {
		ret, ok := blk.Instrs[len(blk.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, v := range ret.Results {
			if r.holds(v, seen) {
				r.makers[fn] = true
				return true
			}
		}
	}
	return false
}

// storesOne reports whether fn stores a primitive that it makes through a
// pointer that it was given.
func (r *roots) storesOne(fn *ssa.Function) bool {
	if got, ok := r.storers[fn]; ok {
		return got
	}
	r.storers[fn] = false
	seen := map[ssa.Value]bool{}
	for _, blk := range fn.Blocks {
		for _, instr := range blk.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if !build.IsLocal(instr.Addr) && r.holds(instr.Val, seen) {
					r.storers[fn] = true
					return true
				}
			case *ssa.Call:
				callee := instr.Call.StaticCallee()
				if callee != nil && callee.Blocks != nil && r.storesOne(callee) {
					r.storers[fn] = true
					return true
				}
			}
		}
	}
	return false
}

// holds reports whether v is, or points to what holds, a primitive that the
// function of v or a function that it calls makes.
func (r *roots) holds(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeChan:
		return true
	case *ssa.Alloc:
		return build.HoldsPrimitive(v, false) || r.storedIn(v, seen)
	case *ssa.Call:
		return r.provides(&v.Call)
	case *ssa.FieldAddr:
		return r.storedIn(v, seen) || r.holds(v.X, seen)
	case *ssa.Const, *ssa.Global, *ssa.Parameter, *ssa.FreeVar, *ssa.Function, *ssa.Builtin:
		return false
	case ssa.Instruction:
		for _, op := range v.Operands(nil) {
			if *op != nil && r.holds(*op, seen) {
				return true
			}
		}
	}
	return false
}

// storedIn reports whether a primitive is stored in the variable at addr, or in
// a part of it.
func (r *roots) storedIn(addr ssa.Value, seen map[ssa.Value]bool) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == addr && r.holds(ref.Val, seen) {
				return true
			}
		case *ssa.FieldAddr:
			if r.storedIn(ref, seen) {
				return true
			}
		case *ssa.IndexAddr:
			if r.storedIn(ref, seen) {
				return true
			}
		case *ssa.Call:
			// A method that makes it, called on what is being constructed.
			if callee := ref.Call.StaticCallee(); callee != nil && callee.Blocks != nil && r.storesOne(callee) {
				return true
			}
		}
	}
	return false
}
