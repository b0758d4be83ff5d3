package driver

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version describes the running program: its module's version, the commit if
// it was built from a checkout, and the Go release it was built with.
func Version() string {
	version := "(unknown)"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = describe(info)
	}
	return fmt.Sprintf("chanlint %s %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// describe returns the version that info holds.
func describe(info *debug.BuildInfo) string {
	version := info.Main.Version
	if version == "" {
		version = "(devel)"
	}
	if version != "(devel)" {
		return version
	}
	var revision, modified string
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = " " + s.Value
		case "vcs.modified":
			if s.Value == "true" {
				modified = " with changes"
			}
		}
	}
	return version + revision + modified
}
