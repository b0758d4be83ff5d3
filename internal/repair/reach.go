package repair

import (
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/chanssa"
)

// reaching returns the functions of pkg whose models may have one of targets in
// them: those that name it, or what names it, and those that call a method of its
// name through an interface.
func reaching(pkg *chanssa.Package, targets ...*ssa.Function) map[*ssa.Function]bool {
	namedIn := map[*ssa.Function][]*ssa.Function{}
	calledIn := map[string][]*ssa.Function{}
	for _, fn := range pkg.Funcs {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok && call.Common().IsInvoke() {
					name := call.Common().Method.Name()
					calledIn[name] = append(calledIn[name], fn)
				}
				for _, op := range instr.Operands(nil) {
					if named, ok := (*op).(*ssa.Function); ok {
						if o := named.Origin(); o != nil {
							named = o
						}
						namedIn[named] = append(namedIn[named], fn)
					}
				}
			}
		}
	}
	reach := map[*ssa.Function]bool{}
	for len(targets) > 0 {
		fn := targets[len(targets)-1]
		targets = targets[:len(targets)-1]
		if reach[fn] {
			continue
		}
		reach[fn] = true
		targets = append(targets, namedIn[fn]...)
		if fn.Signature.Recv() != nil {
			targets = append(targets, calledIn[fn.Name()]...)
		}
	}
	return reach
}
