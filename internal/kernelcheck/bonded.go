package kernelcheck

var bonded = table()
