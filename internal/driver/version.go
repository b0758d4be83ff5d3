package driver

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version describes the running program: its module's version, into which the
// go command puts the commit if it was built from a checkout, and the Go release
// that it was built with.
func Version() string {
	version := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	return fmt.Sprintf("chanlint %s %s %s/%s", cmp.Or(version, "(devel)"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
