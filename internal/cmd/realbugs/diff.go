package main

import (
	"regexp"
	"strconv"
	"strings"
)

// A lines is a range of lines, both ends included; it is empty if last is
// before first.
type lines struct{ first, last int }

// has reports whether the range contains a line.
func (l lines) has(line int) bool { return l.first <= line && line <= l.last }

var hunk = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// follow says where a line of the old file is in the new one, given their diff
// without context lines (git diff -U0). A line that the diff replaces is
// wherever its replacement is; a line that is deleted is nowhere, an empty
// range.
func follow(diff string, line int) lines {
	shift := 0
	for text := range strings.Lines(diff) {
		m := hunk.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		oldFirst, oldCount := atoi(m[1]), count(m[2])
		newFirst, newCount := atoi(m[3]), count(m[4])
		if oldCount == 0 {
			// Lines are inserted after oldFirst.
			if oldFirst >= line {
				break
			}
			shift += newCount
			continue
		}
		if line < oldFirst {
			break
		}
		if line < oldFirst+oldCount {
			return lines{newFirst, newFirst + newCount - 1}
		}
		shift += newCount - oldCount
	}
	return lines{line + shift, line + shift}
}

// newName returns the name that a diff gives to the new file, "" if the file is
// deleted, and old if the diff is empty.
func newName(diff, old string) string {
	for text := range strings.Lines(diff) {
		name, ok := strings.CutPrefix(strings.TrimSpace(text), "+++ ")
		if !ok {
			if name, ok = strings.CutPrefix(strings.TrimSpace(text), "rename to "); ok {
				return name
			}
			continue
		}
		if name == "/dev/null" {
			return ""
		}
		return strings.TrimPrefix(name, "b/")
	}
	return old
}

// count reads the length in a hunk's header: none means one line.
func count(text string) int {
	if text == "" {
		return 1
	}
	return atoi(text)
}

// atoi converts digits that a regular expression has matched.
func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
