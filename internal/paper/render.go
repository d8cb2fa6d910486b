package paper

import (
	"bytes"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// render draws a figure of so many points as PNG and as SVG, on white.
func render(name string, wide, high vg.Length, drawing func(c draw.Canvas)) (figure, error) {
	raster := vgimg.NewWith(vgimg.UseWH(wide, high), vgimg.UseDPI(144), vgimg.UseBackgroundColor(color.White))
	drawing(draw.New(raster))
	var picture bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: raster}).WriteTo(&picture); err != nil {
		return figure{}, err
	}
	vector := vgsvg.New(wide, high)
	c := draw.New(vector)
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	drawing(c)
	var text bytes.Buffer
	if _, err := vector.WriteTo(&text); err != nil {
		return figure{}, err
	}
	// A reader's machine may lack the font.
	svg := strings.ReplaceAll(text.String(), "font-family:Liberation Sans;", "font-family:Liberation Sans,Arial,Helvetica,sans-serif;")
	return figure{name, picture.Bytes(), []byte(svg)}, nil
}
