package chanfacts_test

import (
	"fmt"
	"go/types"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/chanlint/chanlint/internal/chanfacts"
)

// BenchmarkFacts compares the facts of a few packages with type-checking them,
// which a driver does on every dependency anyway.
func BenchmarkFacts(b *testing.B) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax},
		"net/http", "go/types", "crypto/tls", "os", "database/sql", "encoding/json", "context", "os/exec", "time")
	if err != nil {
		b.Fatal(err)
	}
	var checking, facts time.Duration
	for b.Loop() {
		for _, p := range pkgs {
			start := time.Now()
			config := &types.Config{Importer: imports(p.Imports), Error: func(error) {}}
			_, _ = config.Check(p.PkgPath, p.Fset, p.Syntax, new(types.Info))
			checking += time.Since(start)
			pass := &analysis.Pass{
				Analyzer: chanfacts.Analyzer, Fset: p.Fset, Files: p.Syntax, Pkg: p.Types, TypesInfo: p.TypesInfo,
				ExportObjectFact: func(types.Object, analysis.Fact) {},
			}
			start = time.Now()
			if _, err := chanfacts.Analyzer.Run(pass); err != nil {
				b.Fatal(err)
			}
			facts += time.Since(start)
		}
	}
	b.ReportMetric(100*float64(facts)/float64(checking), "%-of-type-checking")
}

// imports serves the type checker from what has been loaded.
type imports map[string]*packages.Package

func (i imports) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := i[path]; p != nil {
		return p.Types, nil
	}
	return nil, fmt.Errorf("%s is not imported", path)
}
