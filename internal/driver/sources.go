package driver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A listedPackage is a package that the command line names, from go list.
type listedPackage struct {
	ImportPath string
	Name       string
	Dir        string
	Module     *struct{ Dir string }
}

// list returns the packages that go vet checks.
func (g *goRun) list(ctx context.Context) ([]listedPackage, error) {
	args := slices.Concat([]string{"list", "-e", "-json=ImportPath,Name,Dir,Module"},
		g.options.buildFlags, []string{"--"}, g.options.patterns)
	cmd := exec.CommandContext(ctx, g.goCmd, args...)
	cmd.Dir = g.options.dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list, which -leaks and -trimpath need: %w", err)
	}
	var all []listedPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listedPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("cannot read what go list printed: %w", err)
		}
		all = append(all, p)
	}
}

// locate returns the file of this checkout that a frame stands in, and whether
// one of the packages holds it. The frame's own file name may be another
// machine's, or under -trimpath none at all, so the import path in the name of
// the function comes first.
func locate(packages []listedPackage, f frame) (file string, ok bool) {
	recorded := filepath.ToSlash(f.File)
	base := path.Base(recorded)
	in := packagePath(f.Function)
	for _, name := range []string{in, strings.TrimSuffix(in, "_test")} {
		if i := slices.IndexFunc(packages, func(p listedPackage) bool { return p.ImportPath == name }); i >= 0 {
			return filepath.Join(packages[i].Dir, base), true
		}
	}
	for _, p := range packages {
		if candidate := filepath.Join(p.Dir, base); filepath.ToSlash(candidate) == recorded {
			return candidate, true
		}
	}
	// Outside tests a command's functions are main's, whatever its import path.
	var found []string
	for _, p := range packages {
		if in == "" || in == "main" && p.Name == "main" || p.ImportPath == "command-line-arguments" {
			if candidate := filepath.Join(p.Dir, base); endsWith(recorded, p.inModule(base)) && exists(candidate) {
				found = append(found, candidate)
			}
		}
	}
	if len(found) == 1 {
		return found[0], true
	}
	return "", false
}

// inModule returns the slash-separated name, relative to the module, of a file
// of p.
func (p listedPackage) inModule(base string) string {
	if p.Module == nil {
		return base
	}
	rel, err := filepath.Rel(p.Module.Dir, p.Dir)
	if err != nil {
		return base
	}
	return path.Join(filepath.ToSlash(rel), base)
}

// endsWith reports whether the last elements of file are those of tail.
func endsWith(file, tail string) bool {
	return file == tail || strings.HasSuffix(file, "/"+tail)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
