// Package lockgraph tells from syntax and types alone whether a deadlock of locks
// is worth looking for in a package, so that all others need no SSA.
//
// Nodes are the fields and variables that are locks. An edge leads from one to
// another that may be taken, by the same function or by one that it calls, while
// the first may be held. Without a cycle no goroutine can wait for what waits for
// it, unless a function that unlocks on one way out keeps the lock on another.
package lockgraph

import (
	"go/ast"
	"go/types"
	"slices"
)

// Suspicious reports whether the locks of a package can be taken in a cycle: each
// under the one before, or a lock under itself; or whether one may stay locked when
// a function returns that also unlocks it.
func Suspicious(files []*ast.File, pkg *types.Package, info *types.Info) bool {
	if !slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == "sync" }) {
		return false
	}
	g := &graph{pkg: pkg, info: info, funcs: map[*types.Func]*function{}, aliases: map[types.Object]types.Object{}}
	for _, file := range files {
		g.readAliases(file)
	}
	if !g.used {
		return false
	}
	for _, file := range files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			if obj, ok := info.Defs[decl.Name].(*types.Func); ok {
				f := &function{takes: set{}, calls: map[*types.Func]bool{}}
				g.funcs[obj] = f
				(&walker{graph: g, fn: f, body: newBody(), held: set{}}).function(decl.Body)
			}
		}
	}
	return g.kept || g.cyclic()
}

// A set holds fields and variables that are locks.
type set map[types.Object]bool

func (s set) clone() set {
	c := make(set, len(s))
	for o := range s {
		c[o] = true
	}
	return c
}

// A graph is the locks of a package.
type graph struct {
	pkg   *types.Package
	info  *types.Info
	funcs map[*types.Func]*function
	kept  bool // see body
	used  bool // whether anything is locked at all

	aliases map[types.Object]types.Object // see readAliases
}

// A function is what a declared function does to locks, its literals included.
type function struct {
	takes set // as far as is known, callees included
	calls map[*types.Func]bool
	under []under
}

// An under is something that happens under locks: another lock is taken, or a
// function called.
type under struct {
	held set
	lock types.Object // or nil
	call *types.Func
}

// cyclic reports whether the graph has a cycle.
func (g *graph) cyclic() bool {
	for changed := true; changed; {
		changed = false
		for _, f := range g.funcs {
			n := len(f.takes)
			for callee := range f.calls {
				if c := g.funcs[callee]; c != nil {
					for o := range c.takes {
						f.takes[o] = true
					}
				}
			}
			changed = changed || len(f.takes) > n
		}
	}
	edges := map[types.Object]set{}
	add := func(from, to types.Object) {
		if edges[from] == nil {
			edges[from] = set{}
		}
		edges[from][to] = true
	}
	for _, f := range g.funcs {
		for _, u := range f.under {
			for from := range u.held {
				if u.lock != nil {
					add(from, u.lock)
				} else if c := g.funcs[u.call]; c != nil {
					for to := range c.takes {
						add(from, to)
					}
				}
			}
		}
	}
	for from := range edges {
		if reaches(edges, from, from, set{}) {
			return true
		}
	}
	return false
}

func reaches(edges map[types.Object]set, from, to types.Object, seen set) bool {
	for next := range edges[from] {
		if next == to {
			return true
		}
		if !seen[next] {
			seen[next] = true
			if reaches(edges, next, to, seen) {
				return true
			}
		}
	}
	return false
}
