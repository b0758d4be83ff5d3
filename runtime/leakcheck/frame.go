package leakcheck

import (
	"path"
	"reflect"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// A Frame is one line of a stack.
type Frame struct {
	Function string `json:"function"` // fully qualified, as runtime.Frame.Function
	File     string `json:"file"`     // as the compiler recorded it; relative under -trimpath
	Line     int    `json:"line"`
}

// String returns the short position, file.go:12.
func (f Frame) String() string {
	if f.File == "" {
		return "unknown position"
	}
	return path.Base(f.File) + ":" + strconv.Itoa(f.Line)
}

// frames returns the stack, innermost call first. Lines it does not understand,
// such as "...3 frames elided...", are passed over.
func (g goroutine) frames() []Frame {
	text := strings.TrimSuffix(g.body, g.origin())
	var frames []Frame
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		open := strings.LastIndexByte(line, '(')
		if open <= 0 || !strings.HasPrefix(text, "\t") {
			continue
		}
		line = line[:open]
		var position string
		position, text, _ = strings.Cut(text, "\n")
		frames = append(frames, newFrame(line, position))
	}
	return frames
}

// started returns the frame of the go statement, or the zero Frame.
func (g goroutine) started() Frame {
	line, rest, _ := strings.Cut(g.origin(), "\n")
	function, ok := strings.CutPrefix(line, createdBy)
	if !ok {
		return Frame{}
	}
	function, _, _ = strings.Cut(function, " in goroutine ")
	position, _, _ := strings.Cut(rest, "\n")
	return newFrame(function, position)
}

// newFrame reads a position such as "\t/dir/file.go:12 +0x25".
func newFrame(function, position string) Frame {
	position = strings.TrimPrefix(position, "\t")
	if i := strings.LastIndex(position, " +0x"); i >= 0 {
		position = position[:i]
	}
	f := Frame{Function: function, File: position}
	if i := strings.LastIndexByte(position, ':'); i >= 0 {
		if line, err := strconv.Atoi(position[i+1:]); err == nil {
			f.File, f.Line = position[:i], line
		}
	}
	return f
}

// has reports whether function stands on the goroutine's stack.
func (g goroutine) has(function string) bool {
	if !strings.Contains(g.body, function) {
		return false
	}
	for _, f := range g.frames() {
		if f.Function == function {
			return true
		}
	}
	return false
}

// blocked returns the frame of the operation in the program's own words: the
// innermost frame outside the standard library, else the innermost frame.
func blocked(frames []Frame) Frame {
	for _, f := range frames {
		if !f.standard() {
			return f
		}
	}
	if len(frames) > 0 {
		return frames[0]
	}
	return Frame{}
}

// entry returns the outermost frame outside the standard library: the function
// that the go statement started. After sync.WaitGroup.Go, whose go statement
// stands in the library, it is what leads back to the program.
func entry(frames []Frame) Frame {
	for i := len(frames) - 1; i >= 0; i-- {
		if !frames[i].standard() {
			return frames[i]
		}
	}
	return Frame{}
}

// standard reports whether the frame's function is the standard library's.
func (f Frame) standard() bool {
	if root := standardRoot(); root != "" {
		return strings.HasPrefix(f.File, root)
	}
	// -trimpath: only import paths are left. The standard library's have no dot
	// in their first element, and neither may the program's own.
	pkg := packagePath(f.Function)
	first, _, _ := strings.Cut(pkg, "/")
	own := mainModule()
	return !strings.Contains(first, ".") && first != "main" &&
		(own == "" || pkg != own && !strings.HasPrefix(pkg, own+"/"))
}

// packagePath returns the import path of a qualified function name. The runtime
// escapes dots in the last path element, so the first dot after the last slash
// ends the path; type arguments may hold slashes and come after it.
func packagePath(function string) string {
	name, _, _ := strings.Cut(function, "[")
	slash := strings.LastIndexByte(name, '/')
	dot := strings.IndexByte(name[slash+1:], '.')
	if dot < 0 {
		return name
	}
	return name[:slash+1+dot]
}

// standardRoot returns the directory of the standard library's sources with a
// trailing slash, or "" if the binary was built with -trimpath. The position of
// a function known to stand there gives it.
var standardRoot = sync.OnceValue(func() string {
	fn := runtime.FuncForPC(reflect.ValueOf(strings.ToUpper).Pointer())
	file, _ := fn.FileLine(fn.Entry())
	root, ok := strings.CutSuffix(file, "strings/strings.go")
	if !ok || root == "" {
		return ""
	}
	return root
})

// mainModule returns the path of the module the binary was built from, or "".
var mainModule = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Path
	}
	return ""
})

// testPackage returns the import path of the package under test, or "".
var testPackage = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return strings.TrimSuffix(info.Path, ".test")
	}
	return ""
})
