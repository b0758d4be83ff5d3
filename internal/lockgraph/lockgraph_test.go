package lockgraph_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/chanlint/chanlint/internal/lockgraph"
)

func TestSuspicious(t *testing.T) {
	const decls = `package p
import "sync"
type T struct { a, b sync.Mutex; sync.RWMutex; m map[string]*sync.Mutex; c *sync.Cond }
func (t *T) takeA() { t.a.Lock(); t.a.Unlock() }
func (t *T) takeB() { t.b.Lock(); defer t.b.Unlock() }
func work() {}
`
	for _, test := range []struct {
		name, body string
		want       bool
	}{
		{"nothing", `func (t *T) f() { work() }`, false},
		{"one after the other", `func (t *T) f() { t.a.Lock(); t.a.Unlock(); t.a.Lock(); t.a.Unlock() }`, false},
		{"call after unlock", `func (t *T) f() { t.a.Lock(); t.a.Unlock(); t.takeA() }`, false},
		{"call under another lock", `func (t *T) f() { t.b.Lock(); t.takeA(); t.b.Unlock() }`, false},
		{"unlock on a way out", `func (t *T) f(x bool) { t.a.Lock(); if x { t.a.Unlock(); t.takeA(); return }; t.a.Unlock() }`, false},
		{"started under the lock", `func (t *T) f() { t.a.Lock(); go t.takeA(); t.a.Unlock() }`, false},
		{"twice", `func (t *T) f() { t.a.Lock(); t.a.Lock() }`, true},
		{"twice on one way", `func (t *T) f(x bool) { t.a.Lock(); if x { t.a.Lock() }; t.a.Unlock() }`, true},
		{"call", `func (t *T) f() { t.a.Lock(); t.takeA(); t.a.Unlock() }`, true},
		{"call under a deferred unlock", `func (t *T) f() { t.a.Lock(); defer t.a.Unlock(); t.takeA() }`, true},
		{"call of a call", `func (t *T) g() { t.takeA() }; func (t *T) f() { t.a.Lock(); t.g(); t.a.Unlock() }`, true},
		{"both orders", `func (t *T) f() { t.a.Lock(); t.takeB(); t.a.Unlock() }; func (t *T) g() { t.b.Lock(); t.takeA(); t.b.Unlock() }`, true},
		{"embedded", `func (t *T) f() { t.Lock(); t.g(); t.Unlock() }; func (t *T) g() { t.RLock(); t.RUnlock() }`, true},
		{"in a goroutine", `func (t *T) f() { go func() { t.a.Lock(); t.takeA() }() }`, true},
		{"in a literal", `func (t *T) f() { t.a.Lock(); func() { t.takeA() }() }`, true},
		{"released in a loop", `func (t *T) f() { for { t.a.Lock(); t.a.Unlock() } }`, false},
		{"unlocked in a case", `func (t *T) f(n int) { t.a.Lock(); switch n { case 1: t.a.Unlock(); default: t.a.Unlock(); return } ; }`, false},
		{"kept on a way out", `func (t *T) f(x bool) { t.a.Lock(); if x { return }; t.a.Unlock() }`, true},
		{"kept by a literal", `func (t *T) f(x bool) { go func() { t.a.Lock(); if x { return }; t.a.Unlock() }() }`, true},
		{"kept by a callback", `func (t *T) f(x bool) { call(func() { t.a.Lock(); if x { return }; t.a.Unlock() }) }; func call(func()) {}`, true},
		{"unlocked under what it is locked under", `func (t *T) f(k string) { t.Lock(); t.m[k].Lock(); t.Unlock() }
			func (t *T) g(k string) { t.RLock(); if mu, ok := t.m[k]; ok { mu.Unlock() }; t.RUnlock() }`, true},
		{"locked before what it is unlocked under", `func (t *T) f(k string) { t.m[k].Lock(); t.Lock(); t.Unlock() }
			func (t *T) g(k string) { t.RLock(); t.RUnlock(); if mu, ok := t.m[k]; ok { mu.Unlock() } }`, false},
		{"condition variable", `func (t *T) f() { t.c = sync.NewCond(&t.a) }; func (t *T) g() { t.c.L.Lock(); t.takeA(); t.c.L.Unlock() }`, true},
		{"condition variable of another lock", `func (t *T) f() { t.c = sync.NewCond(&t.b) }; func (t *T) g() { t.c.L.Lock(); t.takeA(); t.c.L.Unlock() }`, false},
		{"condition variable of a reader", `func (t *T) f() { t.c = sync.NewCond(t.RWMutex.RLocker()) }; func (t *T) g() { t.c.L.Lock(); t.RLock(); t.RUnlock(); t.c.L.Unlock() }`, true},
		{"kept always", `func (t *T) f() { t.a.Lock() }`, false},
		{"unlocked by a deferred literal", `func (t *T) f(x bool) { t.a.Lock(); defer func() { t.a.Unlock() }(); if x { return }; work() }`, false},
		{"unlocked on both ways", `func (t *T) f(x bool) { t.a.Lock(); if x { t.a.Unlock(); return }; t.a.Unlock() }`, false},
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", decls+test.body, 0)
		if err != nil {
			t.Fatal(err)
		}
		info := &types.Info{
			Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, Types: map[ast.Expr]types.TypeAndValue{},
		}
		conf := types.Config{Importer: importer.Default()}
		pkg, err := conf.Check("p", fset, []*ast.File{file}, info)
		if err != nil {
			t.Fatal(err)
		}
		if got := lockgraph.Suspicious([]*ast.File{file}, pkg, info); got != test.want {
			t.Errorf("%s: Suspicious = %t, want %t", test.name, got, test.want)
		}
	}
}
