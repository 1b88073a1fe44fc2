"""All scenarios that this guest can run, or those whose names begin with one of the arguments."""

import camera_guest
import failing_calls  # noqa: F401  importing them is what adds their scenarios
import loopback  # noqa: F401
import pixel_formats  # noqa: F401
import usb_webcam  # noqa: F401
import vivid_faults  # noqa: F401

if __name__ == "__main__":
    camera_guest.main()
