package kernelcheck

var partners = table()
