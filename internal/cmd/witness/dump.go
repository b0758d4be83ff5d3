package main

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/chanlint/chanlint/internal/build"
	"github.com/chanlint/chanlint/internal/chanssa"
	"github.com/chanlint/chanlint/internal/model"
)

// dump prints the models of the functions of pkg with the given name.
func dump(w io.Writer, pkg *chanssa.Package, name string, limits build.Limits) {
	b := build.New(pkg)
	for _, fn := range pkg.Funcs {
		if fn.Name() != name && fn.RelString(nil) != name {
			continue
		}
		m, skip := b.Build(fn, limits)
		if skip != nil {
			fmt.Fprintf(w, "%s: %s\n", fn, skip.Reason)
			continue
		}
		fmt.Fprintf(w, "%s: variables %v, order lost %t\n", fn, m.Program.Vars, m.OrderLost)
		for _, e := range m.Escapes {
			fmt.Fprintf(w, "escape at %s: %s\n", pkg.SSA.Prog.Fset.Position(e.Instr.Pos()), e.Instr)
		}
		for i, p := range m.Program.Procs {
			fmt.Fprintf(w, "process %d %s, entry %d\n", i, p.Name, p.Entry)
			for j := range p.Nodes {
				fmt.Fprintf(w, "\t%d: %s\n", j, nodeString(m, fn, &p.Nodes[j]))
			}
		}
	}
}

var opNames = map[model.Opcode]string{
	model.End: "end", model.Halt: "halt", model.Diverge: "diverge", model.Make: "make",
	model.Copy: "copy", model.Clear: "clear", model.IsNil: "isnil", model.Set: "set",
	model.CopyInt: "copyint", model.Test: "test", model.Equal: "equal", model.Loop: "loop", model.Choose: "choose", model.Spawn: "spawn",
	model.Send: "send", model.Recv: "recv", model.Close: "close", model.Cancel: "cancel",
	model.Select: "select", model.Add: "add", model.Wait: "wait", model.Lock: "lock",
	model.Unlock: "unlock", model.RLock: "rlock", model.RUnlock: "runlock",
	model.Begin: "begin", model.Finish: "finish", model.Read: "read",
	model.Write: "write", model.Exchange: "exchange",
}

// nodeString writes r for reference and i for integer registers.
func nodeString(m *build.Model, fn *ssa.Function, n *model.Node) string {
	var s strings.Builder
	s.WriteString(opNames[n.Op])
	switch n.Op {
	case model.Make:
		fmt.Fprintf(&s, " r%d prim %d size %v", n.Dst, n.Prim, n.Expr)
	case model.Copy:
		fmt.Fprintf(&s, " r%d = r%d", n.Dst, n.Ref)
	case model.Clear:
		fmt.Fprintf(&s, " r%d", n.Dst)
	case model.Set, model.Equal:
		fmt.Fprintf(&s, " i%d, %v", n.Int, n.Expr)
	case model.Loop:
		fmt.Fprintf(&s, " i%d", n.Int)
	case model.CopyInt:
		fmt.Fprintf(&s, " i%d = i%d", n.Dst, n.Int)
	case model.Test:
		fmt.Fprintf(&s, " i%d, %v class %d", n.Int, n.Expr, n.Class)
	case model.Choose:
		fmt.Fprintf(&s, " class %d", n.Class)
	case model.Spawn:
		fmt.Fprintf(&s, " %d %v", n.Proc, n.Args)
	case model.Select:
		for _, cs := range n.Cases {
			fmt.Fprintf(&s, " {env %t send %t r%d %v closed %d}", cs.Env, cs.Send, cs.Ref, cs.Payload, cs.Closed)
		}
		fmt.Fprintf(&s, " default %t", n.Default)
	case model.Exchange:
		fmt.Fprintf(&s, " r%d %v payload %v", n.Ref, n.Expr, n.Payload)
	case model.Send, model.Recv, model.Read, model.Write:
		fmt.Fprintf(&s, " r%d payload %v", n.Ref, n.Payload)
	case model.Add:
		fmt.Fprintf(&s, " r%d %v", n.Ref, n.Expr)
	default:
		if n.Op.Visible() {
			fmt.Fprintf(&s, " r%d", n.Ref)
		}
	}
	fmt.Fprintf(&s, " -> %v", n.Succ)
	if site, ok := m.Site(n.Tag); ok {
		p := fn.Prog.Fset.Position(site.Pos)
		fmt.Fprintf(&s, "  line %d", p.Line)
	}
	return s.String()
}
