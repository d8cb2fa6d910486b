package paper

import (
	"encoding/json"
	"io"
	"path/filepath"
	"time"

	"pushforward/internal/atomicfile"
)

// write writes all files of the results.
func (e *experiment) write(r *Results, begin time.Time) error {
	r.Provenance = e.provenance(begin)
	png, svg, err := e.figure()
	if err != nil {
		return err
	}
	if err := e.file("figure1.png", png); err != nil {
		return err
	}
	if err := e.file("figure1.svg", svg); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := e.file("results.json", append(text, '\n')); err != nil {
		return err
	}
	page, err := e.reportPage(r, png)
	if err != nil {
		return err
	}
	return e.file("report.html", page)
}

// file writes one file of the folder, whole or not at all.
func (e *experiment) file(name string, content []byte) error {
	return atomicfile.Write(filepath.Join(e.options.Out, name), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
