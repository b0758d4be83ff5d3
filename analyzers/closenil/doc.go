// Package closenil reports.
package closenil
