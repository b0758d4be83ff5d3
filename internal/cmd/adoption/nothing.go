package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/chanlint/chanlint/internal/cmd/internal/vetrun"
)

// version is what the checkout is called while it is measured.
const version = "v0.0.0-adoption"

// fromNothing measures the way from a machine with Go and nothing else to the
// first finding.
func fromNothing(ctx context.Context, root string) (err error) {
	tmp, err := os.MkdirTemp("", "adoption-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	size, err := serve(root, filepath.Join(tmp, "proxy"))
	if err != nil {
		return err
	}
	user := filepath.Join(tmp, "user")
	if err := os.CopyFS(user, os.DirFS(filepath.Join(root, "testdata", "example"))); err != nil {
		return err
	}
	proxy, err := vetrun.GoEnv(ctx, "GOPROXY")
	if err != nil {
		return err
	}
	env := append(os.Environ(),
		"HOME="+filepath.Join(tmp, "home"), "GOPATH="+filepath.Join(tmp, "gopath"), "GOMODCACHE="+filepath.Join(tmp, "gopath", "pkg", "mod"),
		"GOCACHE="+filepath.Join(tmp, "gocache"), "GOPROXY=file://"+filepath.ToSlash(filepath.Join(tmp, "proxy"))+","+proxy,
		"GONOSUMDB="+vetrun.Module, "GOFLAGS=-modcacherw", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")

	fmt.Printf("module as published: %d KB\n", size/1024)
	for _, name := range []string{"from nothing", "the second time"} {
		cmd := exec.CommandContext(ctx, "go", "run", vetrun.Module+"/cmd/chanlint@"+version, "./...")
		cmd.Dir = user
		cmd.Env = env
		out := &firstLine{began: time.Now()}
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = out, &stderr
		err := cmd.Run()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			return err
		}
		if out.first == 0 {
			return fmt.Errorf("%s: no finding\n%s", name, stderr.String())
		}
		cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		fmt.Printf("%s: first finding after %.1f s, all after %.1f s, %.1f CPU s: %s\n",
			name, out.first.Seconds(), time.Since(out.began).Seconds(), cpu.Seconds(), out.text)
	}
	if err := stock(ctx, user, append(env, "GOCACHE="+filepath.Join(tmp, "another"))); err != nil {
		return err
	}
	downloaded, err := folderSize(filepath.Join(tmp, "gopath", "pkg", "mod", "cache", "download"))
	fmt.Printf("downloaded: %d KB\n", downloaded/1024)
	return err
}

// stock measures go vet, as it comes with Go, in the same module with an empty
// cache.
func stock(ctx context.Context, dir string, env []string) error {
	cmd := exec.CommandContext(ctx, "go", "vet", "./...")
	cmd.Dir = dir
	cmd.Env = env
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go vet: %w\n%s", err, out)
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	fmt.Printf("for comparison, stock go vet with an empty cache: %.1f s, %.1f CPU s\n", time.Since(began).Seconds(), cpu.Seconds())
	return nil
}

// firstLine notes when the first line is written that names a Go file, and the
// line.
type firstLine struct {
	began time.Time
	first time.Duration
	text  string
}

func (f *firstLine) Write(p []byte) (int, error) {
	if f.first == 0 && bytes.Contains(p, []byte(".go:")) {
		f.first = time.Since(f.began)
		f.text, _, _ = strings.Cut(string(p), "\n")
	}
	return len(p), nil
}

// serve writes the checkout at root as a module proxy of files into dir, in the
// layout of https://go.dev/ref/mod#goproxy-protocol, and returns the size of the
// module's archive.
func serve(root, dir string) (int64, error) {
	at := filepath.Join(dir, filepath.FromSlash(vetrun.Module), "@v")
	if err := os.MkdirAll(at, 0o777); err != nil {
		return 0, err
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return 0, err
	}
	var archive bytes.Buffer
	if err := modzip.CreateFromDir(&archive, module.Version{Path: vetrun.Module, Version: version}, root); err != nil {
		return 0, err
	}
	if _, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len())); err != nil {
		return 0, err
	}
	info := fmt.Sprintf(`{"Version":%q,"Time":"2000-01-01T00:00:00Z"}`, version)
	for name, text := range map[string][]byte{
		"list": []byte(version + "\n"), version + ".info": []byte(info), version + ".mod": mod, version + ".zip": archive.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(at, name), text, 0o666); err != nil {
			return 0, err
		}
	}
	return int64(archive.Len()), nil
}

// folderSize returns the size of all files in and below dir.
func folderSize(dir string) (size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}
