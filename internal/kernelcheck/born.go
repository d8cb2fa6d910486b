package kernelcheck

var born = table()
