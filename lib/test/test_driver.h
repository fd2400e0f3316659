/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test driver, for tables of drivers. */
#ifndef LIB_TEST_TEST_DRIVER_H
#define LIB_TEST_TEST_DRIVER_H

extern const struct driver test_driver;

#endif
