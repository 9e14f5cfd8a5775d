// What many tests include, parsed once (cmake/pch.cmake).
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "yimen_library_pch.h"
