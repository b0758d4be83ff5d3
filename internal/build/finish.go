package build

import (
	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/model"
)

// poisonRaces shares or poisons the variables that one goroutine assigns while
// another may use them: a process that starts another has handed it copies, which
// are then out of date.
func (b *builder) poisonRaces() {
	// Imports of imports first: asking a parent for a register may make the
	// parent import it in turn.
	for i := len(b.procs) - 1; i > 0; i-- {
		p := b.procs[i]
		for _, k := range p.importRefs {
			p.parent.refReg(k)
		}
		for _, k := range p.importInts {
			p.parent.intReg(k)
		}
	}
	b.bearEarly()
	for _, p := range b.procs[1:] {
		for _, k := range p.importRefs {
			if k.obj != nil && (p.writesRef(k) || p.parent.writesRefAfter(k, p.spawns)) {
				b.share(k)
			}
		}
		for _, k := range p.importInts {
			if k.obj != nil && (p.writesInt(k) && !p.owns(k) || p.parent.writesIntAfter(k, p.spawns)) {
				b.share(k)
			}
		}
	}
}

// poisonLost poisons the channels that leave the model on every path: whatever
// blocks on one of them, the environment can serve it later. Those that only a
// function takes along stay, since their environment is not free to do so.
func (b *builder) poisonLost() {
	for _, p := range b.procs {
		class := p.aliases()
		escapes := map[int]bool{}
		for _, s := range b.envSpawns {
			if s.p == p && s.kind < envCancels {
				escapes[s.node] = true
			}
		}
		if len(escapes) == 0 {
			continue
		}
		made := map[int]int{}
		for i := range p.nodes {
			if n := &p.nodes[i]; n.Op == model.Make && n.Prim == model.Chan {
				made[class[n.Dst]]++
			}
		}
		for k, reg := range p.refs {
			if k.val == nil || made[class[reg]] != 1 {
				continue
			}
			if _, ok := k.val.(*ssa.MakeChan); ok && !p.foreign(k) && p.alwaysEscapes(reg, class, escapes) {
				b.poison(k)
			}
		}
	}
}

// aliases returns a representative for each reference register: registers that
// are copied to each other share one.
func (p *proc) aliases() []int {
	class := make([]int, len(p.refs))
	for i := range class {
		class[i] = i
	}
	var find func(int) int
	find = func(i int) int {
		if class[i] != i {
			class[i] = find(class[i])
		}
		return class[i]
	}
	for i := range p.nodes {
		if n := &p.nodes[i]; n.Op == model.Copy {
			class[find(n.Dst)] = find(n.Ref)
		}
	}
	for i := range class {
		class[i] = find(i)
	}
	return class
}

// alwaysEscapes reports whether every path from the make of the register to the
// end of the process hands the channel over.
func (p *proc) alwaysEscapes(reg int, class []int, escapes map[int]bool) bool {
	var makes []int
	for i := range p.nodes {
		if n := &p.nodes[i]; n.Op == model.Make && n.Dst == reg {
			makes = append(makes, i)
		}
	}
	return len(makes) > 0 && !p.reaches(makes, func(i int) (hit, stop bool) {
		n := &p.nodes[i]
		if n.Op == model.End || n.Op == model.Diverge {
			return true, true
		}
		return false, escapes[i] && class[n.Args[0].From] == class[reg]
	})
}

func writesRef(n *model.Node, reg int) bool {
	switch n.Op {
	case model.Make, model.Copy, model.Clear:
		return n.Dst == reg
	}
	return false
}

func (p *proc) writesRef(k regKey) bool {
	reg := p.refs[k]
	for i := range p.nodes {
		if writesRef(&p.nodes[i], reg) {
			return true
		}
	}
	return false
}

// writesInt reports whether n assigns an integer register. A test that stores
// what it has decided for an unknown value does not.
func writesInt(n *model.Node, reg int) bool {
	return n.Op == model.Set && n.Int == reg || n.Op == model.CopyInt && n.Dst == reg
}

func (p *proc) writesInt(k regKey) bool {
	reg := p.ints[k]
	for i := range p.nodes {
		if writesInt(&p.nodes[i], reg) {
			return true
		}
	}
	return false
}

// writesRefAfter reports whether p assigns the register after one of the given
// nodes, other than by making the variable anew.
func (p *proc) writesRefAfter(k regKey, from []int) bool {
	reg := p.refs[k]
	return p.reaches(from, func(i int) (hit, stop bool) {
		if !writesRef(&p.nodes[i], reg) {
			return false, false
		}
		return !p.fresh[i], true
	})
}

func (p *proc) writesIntAfter(k regKey, from []int) bool {
	reg := p.ints[k]
	return p.reaches(from, func(i int) (hit, stop bool) {
		if !writesInt(&p.nodes[i], reg) {
			return false, false
		}
		return !p.fresh[i], true
	})
}

// reaches walks the nodes after from until visit hits; a path ends where visit
// says stop.
func (p *proc) reaches(from []int, visit func(node int) (hit, stop bool)) bool {
	seen := make([]bool, len(p.nodes))
	var stack []int
	push := func(i int) {
		for _, s := range successors(&p.nodes[i]) {
			if s >= 0 && !seen[s] {
				seen[s] = true
				stack = append(stack, s)
			}
		}
	}
	for _, i := range from {
		push(i)
	}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		hit, stop := visit(i)
		if hit {
			return true
		}
		if !stop {
			push(i)
		}
	}
	return false
}

// successors returns all nodes that may follow n.
func successors(n *model.Node) []int {
	out := n.Succ
	for _, cs := range n.Cases {
		if !cs.Send && !cs.Env {
			out = append(out[:len(out):len(out)], cs.Closed)
		}
	}
	return out
}

// finish assembles the program: environment processes, arguments of spawns.
func (b *builder) finish() *Model {
	m := &Model{Root: b.root, Sites: b.sites, OrderLost: b.orderLost || b.waitsElsewhere, Env: len(b.procs), Escapes: b.escapes, Failures: b.fails, Counts: b.counts}
	prog := &model.Program{Vars: b.varNames}
	for _, p := range b.procs {
		prog.Procs = append(prog.Procs, &model.Proc{Name: p.entry.fn.Name()})
		m.Fns = append(m.Fns, p.entry.fn)
	}
	b.openFlags()
	b.makeHoisted()
	var envIDs [envKinds]int
	for kind, used := range b.envUsed {
		if used {
			envIDs[kind] = len(prog.Procs)
			prog.Procs = append(prog.Procs, envProc(envKind(kind)))
		}
	}
	for _, s := range b.envSpawns {
		s.p.nodes[s.node].Proc = envIDs[s.kind]
	}
	for _, p := range b.procs[1:] {
		var args []model.Arg
		for _, k := range p.importRefs {
			args = append(args, model.Arg{From: p.parent.refs[k], To: p.refs[k]})
		}
		for _, k := range p.importInts {
			args = append(args, model.Arg{IsInt: true, From: p.parent.ints[k], To: p.ints[k]})
		}
		for _, n := range p.spawns {
			p.parent.nodes[n].Args = args
		}
	}
	for i, p := range b.procs {
		out := prog.Procs[i]
		out.Nodes, out.Refs, out.Ints = p.nodes, len(p.refs), len(p.ints)
	}
	b.unlimited(prog)
	m.Program = simplify(prog)
	if settleFlags(prog) {
		m.Program = simplify(prog)
	}
	m.Cells = hasCells(m.Program)
	return m
}

// unlimited makes the channels never full whose capacity depends on a number
// that nothing else in the model depends on: how it compares with the number of
// messages is not known.
func (b *builder) unlimited(prog *model.Program) {
	used := make([]bool, len(prog.Vars))
	for _, p := range prog.Procs {
		for i := range p.Nodes {
			if p.Nodes[i].Op != model.Make {
				for _, t := range p.Nodes[i].Expr.Terms {
					used[t.Var] = true
				}
			}
		}
	}
	for _, p := range prog.Procs {
		for i := range p.Nodes {
			n := &p.Nodes[i]
			if n.Op != model.Make {
				continue
			}
			for _, t := range n.Expr.Terms {
				if !used[t.Var] {
					n.Expr = fixed(-1)
					break
				}
			}
		}
	}
}
