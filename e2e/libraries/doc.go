// Package libraries shows by running them what chanlint claims of functions of
// modules that it does not need itself: internal/build and docs/libraries.md say
// what that is.
package libraries
