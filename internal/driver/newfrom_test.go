package driver

import (
	"path/filepath"
	"reflect"
	"testing"
)

// A diff without context names the lines of the new file: none where lines only
// go away, one where no number of them is given. What is in a hunk is text,
// whatever it looks like.
func TestChangedLines(t *testing.T) {
	const diff = `diff --git a/a.go b/a.go
index 1..2 100644
--- a/a.go
+++ b/a.go
@@ -3,0 +4,2 @@ func f() {
+	one
+++ b/not/a/file.go
@@ -9,2 +12,0 @@
-	gone
--- a/not/a/file.go
@@ -20 +21 @@
-	was
+	is
diff --git a/old.go b/dir/with space.go
similarity index 90%
rename from old.go
rename to dir/with space.go
--- a/old.go
+++ b/dir/with space.go	
@@ -1 +1 @@
-a
+b
diff --git "a/q\"uote.go" "b/q\"uote.go"
--- "a/q\"uote.go"
+++ "b/q\"uote.go"
@@ -0,0 +1,3 @@
+a
+b
+c
diff --git a/removed.go b/removed.go
deleted file mode 100644
--- a/removed.go
+++ /dev/null
@@ -1,2 +0,0 @@
-a
-b
diff --git a/image.png b/image.png
Binary files a/image.png and b/image.png differ
`
	root := filepath.FromSlash("/repo")
	want := map[string]lines{
		filepath.Join(root, "a.go"):                 {{4, 5}, {21, 21}},
		filepath.Join(root, "dir", "with space.go"): {{1, 1}},
		filepath.Join(root, `q"uote.go`):            {{1, 3}},
	}
	got := changedLines([]byte(diff), root)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("changed lines are %v, want %v", got, want)
	}
	for line, want := range map[int]bool{3: false, 4: true, 5: true, 6: false, 12: false, 21: true} {
		if got[filepath.Join(root, "a.go")].contain(line) != want {
			t.Errorf("line %d: changed is not %v", line, want)
		}
	}
	if lines(nil).contain(1) {
		t.Error("a file that has not changed has changed lines")
	}
}
