package typestate

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// quiet reports whether a call of a function of another package neither waits
// for other goroutines nor calls back into this one, by its documentation.
func quiet(c *ssa.CallCommon) bool {
	fn := c.StaticCallee()
	if fn == nil || fn.Object() == nil || fn.Object().Pkg() == nil {
		return false
	}
	switch fn.Object().Pkg().Path() {
	case "errors", "fmt", "log", "math", "strconv", "strings", "bytes", "unicode", "unicode/utf8":
		return true
	case "time":
		return fn.Name() != "Sleep" && fn.Name() != "AfterFunc"
	}
	return false
}

// waits reports whether a call of code that is not in the package may wait for
// other goroutines.
func waits(c *ssa.CallCommon) bool {
	fn := c.StaticCallee()
	if fn == nil || fn.Object() == nil || fn.Object().Pkg() == nil {
		return true
	}
	switch fn.Object().Pkg().Path() {
	case "sync":
		switch fn.Name() {
		case "Add", "Done", "Unlock", "RUnlock", "Signal", "Broadcast", "TryLock", "TryRLock", "Store", "Load":
			return false
		}
	case "sync/atomic", "math/rand", "os":
		return false
	case "testing":
		return fn.Name() == "Run"
	}
	return !quiet(c)
}

// returns reports whether a call without results of a function that is not in
// the package is known to return. Anything else may be a logger's Fatal or a
// helper that ends a test.
func returns(c *ssa.CallCommon) bool {
	if named, ok := types.Unalias(c.Value.Type()).(*types.Named); ok && !c.IsInvoke() {
		obj := named.Obj()
		return obj.Pkg() != nil && obj.Pkg().Path() == "context" && obj.Name() == "CancelFunc"
	}
	var obj types.Object
	if c.IsInvoke() {
		obj = c.Method
	} else if fn := c.StaticCallee(); fn != nil {
		obj = fn.Object()
	}
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	switch obj.Pkg().Path() {
	case "context", "errors", "fmt", "log", "log/slog", "math/rand", "net", "net/http", "os", "runtime",
		"sort", "strings", "bytes", "sync", "sync/atomic", "testing", "time":
		return true // what they have that does not return is known and cut off
	}
	return false
}
