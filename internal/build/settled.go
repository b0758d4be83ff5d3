package build

import (
	"cmp"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// settledFlag returns the register of a package variable that v loads, if the
// variable is a flag that has one value for the whole of an execution: the
// package never stores to it but to initialise it, and hands its address to
// nobody.
func (b *builder) settledFlag(v *ssa.UnOp) (regKey, bool) {
	g, ok := v.X.(*ssa.Global)
	if !ok || v.Op != token.MUL || !tracksInt(v.Type()) || g.Object() == nil || g.Object().Exported() {
		return regKey{}, false
	}
	return regKey{frame: b.rootFrame, val: g}, !b.unsettled()[g]
}

// unsettled returns the package variables that some function of the package does
// more with than to load them.
func (b *Builder) unsettled() map[*ssa.Global]bool {
	if b.globals != nil {
		return b.globals
	}
	b.globals = map[*ssa.Global]bool{}
	var operands []*ssa.Value
	for _, fn := range b.pkg.Funcs {
		for _, blk := range fn.Blocks {
			for _, instr := range blk.Instrs {
				if load, ok := instr.(*ssa.UnOp); ok && load.Op == token.MUL {
					continue
				}
				operands = instr.Operands(operands[:0])
				for _, o := range operands {
					if g, ok := (*o).(*ssa.Global); ok {
						b.globals[g] = true
					}
				}
			}
		}
	}
	return b.globals
}

// openFlags has the root start with the settled flags that the model uses
// unknown.
func (b *builder) openFlags() {
	root := b.procs[0]
	var flags []regKey
	for k := range root.ints {
		if _, ok := k.val.(*ssa.Global); ok && k.path == "" {
			flags = append(flags, k)
		}
	}
	slices.SortFunc(flags, func(x, y regKey) int { return cmp.Compare(root.ints[x], root.ints[y]) })
	for _, k := range flags {
		next := len(root.nodes)
		root.nodes = append(root.nodes, model.Node{
			Op: model.Set, Int: root.ints[k], Expr: fixed(unknownFlag), Succ: slices.Clone(root.nodes[0].Succ),
		})
		root.nodes[0].Succ = []int{next}
	}
}
