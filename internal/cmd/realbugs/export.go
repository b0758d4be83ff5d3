package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// A blob is a file of a commit.
type blob struct {
	mode, id, name string
}

// export writes the files of a commit of the repository clone into dir, which
// must not exist yet. It does what git archive does, but leaves out a file
// whose content the clone does not have: partial clones lack some large ones.
func export(ctx context.Context, clone, commit, dir string) (err error) {
	blobs, err := list(ctx, clone, commit)
	if err != nil {
		return err
	}
	tmp := dir + ".part"
	if err := os.RemoveAll(tmp); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "git", "-C", clone, "cat-file", "--batch")
	var ids bytes.Buffer
	for _, b := range blobs {
		fmt.Fprintln(&ids, b.id)
	}
	cmd.Stdin = &ids
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	r := bufio.NewReaderSize(out, 1<<20)
	for _, b := range blobs {
		if err := b.write(r, tmp); err != nil {
			return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
		}
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}

// list lists the files and symbolic links of a commit; submodules are left out.
func list(ctx context.Context, clone, commit string) ([]blob, error) {
	out, err := exec.CommandContext(ctx, "git", "-C", clone, "ls-tree", "-r", "-z", commit).Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-tree %s in %s: %w", commit, clone, err)
	}
	return parseTree(string(out))
}

// parseTree reads the output of git ls-tree -r -z.
func parseTree(text string) ([]blob, error) {
	var blobs []blob
	for entry := range strings.SplitSeq(text, "\x00") {
		if entry == "" {
			continue
		}
		head, name, ok := strings.Cut(entry, "\t")
		fields := strings.Fields(head)
		if !ok || len(fields) != 3 {
			return nil, fmt.Errorf("git ls-tree: unexpected entry %q", entry)
		}
		if !filepath.IsLocal(name) {
			return nil, fmt.Errorf("git ls-tree: %q leads out of the tree", name)
		}
		if fields[1] == "blob" {
			blobs = append(blobs, blob{mode: fields[0], id: fields[2], name: name})
		}
	}
	return blobs, nil
}

// write reads the next object of git cat-file --batch and writes it below dir.
// Symbolic links are written only if they stay inside the tree.
func (b blob) write(r *bufio.Reader, dir string) error {
	header, err := r.ReadString('\n')
	if err != nil {
		return err
	}
	fields := strings.Fields(header)
	if len(fields) == 2 && fields[1] == "missing" {
		return nil
	}
	if len(fields) != 3 {
		return fmt.Errorf("git cat-file: unexpected header %q", header)
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return err
	}
	data := make([]byte, size+1) // with the line break after it
	if _, err := io.ReadFull(r, data); err != nil {
		return err
	}
	data = data[:size]
	name := filepath.Join(dir, filepath.FromSlash(b.name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if b.mode == "120000" {
		target := filepath.Join(filepath.Dir(filepath.FromSlash(b.name)), string(data))
		if !filepath.IsLocal(target) {
			return nil
		}
		return os.Symlink(string(data), name)
	}
	return os.WriteFile(name, data, 0o644)
}
