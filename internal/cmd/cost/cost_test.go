package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestSummarise(t *testing.T) {
	for _, test := range []struct {
		series []float64
		want   summary
	}{
		{[]float64{4}, summary{4, 4, 4}},
		{[]float64{9, 1, 2}, summary{2, 1, 9}},
		{[]float64{8, 1, 4, 2}, summary{3, 1, 8}},
	} {
		if got := summarise(test.series); got != test.want {
			t.Errorf("summarise(%v) = %v, want %v", test.series, got, test.want)
		}
	}
}

func TestRatiosAreWithinARound(t *testing.T) {
	got := ratios([]float64{3, 10}, []float64{2, 20})
	if got[0] != 1.5 || got[1] != 0.5 {
		t.Errorf("ratios = %v, want 1.5 and 0.5", got)
	}
}

func TestPeak(t *testing.T) {
	file := filepath.Join(t.TempDir(), "memory")
	if _, err := peak(file); err == nil {
		t.Error("peak of no file is no error, although no tool ran")
	}
	if err := os.WriteFile(file, []byte("100\n3000\n20\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got, err := peak(file); err != nil || got != 3000 {
		t.Errorf("peak = %d, %v, want 3000", got, err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("peak leaves its file to the next tool")
	}
}

func TestWatchNotesMeasuredToolsOnly(t *testing.T) {
	program, err := exec.LookPath("true")
	if err != nil {
		t.Skip("no program that does nothing")
	}
	dir := t.TempDir()
	file, measured := filepath.Join(dir, "memory"), filepath.Join(dir, toolName)
	if status := watch(file, []string{program}); status != 0 {
		t.Fatalf("status %d", status)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a tool that is not measured is noted")
	}
	if err := os.Symlink(program, measured); err != nil {
		t.Skip(err)
	}
	if status := watch(file, []string{measured}); status != 0 {
		t.Fatalf("status %d", status)
	}
	if top, err := peak(file); err != nil || top <= 0 {
		t.Errorf("peak = %d, %v, want the memory of a process", top, err)
	}
}
