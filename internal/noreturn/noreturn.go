// Package noreturn tells which functions never return to their caller, and how
// they end instead.
//
// The standard library and a few widely used modules are described by a table;
// functions of the package under analysis are decided from their control-flow
// graph. No facts are involved, so dependencies are never analyzed for it.
package noreturn

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/types/typeutil"
)

// A Kind says how a call that does not return ends.
type Kind uint8

const (
	Returns Kind = iota // the call may return
	Exits               // the process ends: os.Exit, log.Fatal
	Goexits             // the goroutine runs its deferred calls and ends: runtime.Goexit, testing.T.Fatal
	Panics              // the goroutine panics: log.Panic
	Unknown             // a function of this package that never returns, for whatever reason
)

// Known returns how a call to fn ends according to the documentation of its
// package, or [Returns] if nothing is known.
func Known(fn *types.Func) Kind {
	if fn.Pkg() == nil {
		return Returns
	}
	name := fn.Name()
	switch path := fn.Pkg().Path(); path {
	case "os", "syscall":
		if name == "Exit" {
			return Exits
		}
	case "runtime":
		if name == "Goexit" {
			return Goexits
		}
	case "log":
		return byPrefix(name, "Panic")
	case "testing":
		switch name {
		case "Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow":
			return Goexits
		}
	case "k8s.io/klog", "k8s.io/klog/v2", "github.com/golang/glog":
		return byPrefix(name, "Exit")
	case "github.com/sirupsen/logrus", "go.uber.org/zap":
		return byPrefix(name, "Panic")
	case "github.com/stretchr/testify/assert":
		if strings.TrimSuffix(name, "f") == "FailNow" {
			return Goexits
		}
	case "github.com/stretchr/testify/require":
		switch strings.TrimSuffix(name, "f") {
		case "Fail", "FailNow":
			return Goexits
		}
	}
	return Returns
}

// byPrefix covers the loggers, whose Fatal functions exit and whose second
// family (Panic or Exit) does what its name says.
func byPrefix(name, second string) Kind {
	switch {
	case strings.HasPrefix(name, "Fatal"), second == "Exit" && strings.HasPrefix(name, second):
		return Exits
	case strings.HasPrefix(name, second):
		return Panics
	}
	return Returns
}

// Funcs decides, on demand, which functions of one package never return.
type Funcs struct {
	info  *types.Info
	decls map[*types.Func]*ast.FuncDecl
	done  map[*types.Func]Kind
}

// New returns the no-return predicate of the package with the given syntax.
func New(files []*ast.File, info *types.Info) *Funcs {
	f := &Funcs{info: info, decls: map[*types.Func]*ast.FuncDecl{}, done: map[*types.Func]Kind{}}
	for _, file := range files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil {
				if fn, ok := info.Defs[decl.Name].(*types.Func); ok {
					f.decls[fn] = decl
				}
			}
		}
	}
	return f
}

// Of returns how a call to fn ends.
func (f *Funcs) Of(fn *types.Func) Kind {
	fn = fn.Origin()
	if k := Known(fn); k != Returns {
		return k
	}
	if k, ok := f.done[fn]; ok {
		return k
	}
	f.done[fn] = Returns // a recursive call is taken to return
	decl := f.decls[fn]
	if decl == nil || decl.Type.Results != nil && len(decl.Type.Results.List) > 0 {
		return Returns
	}
	g := cfg.New(decl.Body, f.mayReturn)
	if g.NoReturn() && !recovers(f.info, decl.Body) {
		f.done[fn] = Unknown
	}
	return f.done[fn]
}

// NoReturn reports whether a call to fn never returns.
func (f *Funcs) NoReturn(fn *types.Func) bool { return f.Of(fn) != Returns }

func (f *Funcs) mayReturn(call *ast.CallExpr) bool {
	switch fn := typeutil.Callee(f.info, call).(type) {
	case *types.Builtin:
		return fn.Name() != "panic"
	case *types.Func:
		return f.Of(fn) == Returns
	}
	return true
}

// recovers reports whether body calls recover in a function literal: a panic
// may then end in a normal return, which the control-flow graph does not show.
func recovers(info *types.Info, body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if b, ok := typeutil.Callee(info, call).(*types.Builtin); ok && b.Name() == "recover" {
				found = true
			}
		}
		return !found
	})
	return found
}
