"""Imports what few programs need, inside of its function: SciPy's corners, Pillow, the standard library's."""


def attacked(x):
    import ctypes.util
    import decimal
    import email
    import getpass
    import locale
    import platform
    import uuid
    import xml.dom.minidom
    import zoneinfo

    import scipy.fft
    import scipy.integrate
    import scipy.optimize
    import scipy.sparse.linalg
    import scipy.stats

    assert platform.system() and platform.python_version() and uuid.uuid4() and locale.getlocale()
    assert abs(scipy.optimize.minimize(lambda v: (v - 3) ** 2, 0.0).x[0] - 3) < 1e-3
    assert abs(scipy.integrate.quad(lambda v: v, 0, 1)[0] - 0.5) < 1e-9
    assert decimal.Decimal(1) and email and xml and zoneinfo and ctypes.util and getpass and scipy.stats.norm.cdf(0) == 0.5
    return x + 1
