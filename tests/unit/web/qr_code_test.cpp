#include "web/qr_code.h"

#include <gtest/gtest.h>

#include <charconv>
#include <vector>

namespace yimen::web {
namespace {

using Grid = std::vector<std::vector<bool>>;

/// Draws the path as a browser does; any other spelling of it is a failure.
Grid drawn(const QrCode& code) {
    Grid grid(static_cast<std::size_t>(code.size), std::vector<bool>(static_cast<std::size_t>(code.size)));
    std::string_view rest = code.path.reveal();
    const auto number = [&](std::string_view before) {
        int value = -1;
        EXPECT_TRUE(rest.starts_with(before)) << rest.substr(0, 20);
        rest.remove_prefix(before.size());
        const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
        EXPECT_EQ(problem, std::errc());
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        return value;
    };
    while (!rest.empty() && !testing::Test::HasFailure()) {
        const int x = number("M");
        const int y = number(" ");
        const int length = number("h");
        EXPECT_EQ(number("v1h-"), length);
        EXPECT_TRUE(rest.starts_with("z"));
        rest.remove_prefix(1);
        for (int i = 0; i < length; ++i)
            grid.at(static_cast<std::size_t>(y)).at(static_cast<std::size_t>(x + i)) = true;
    }
    return grid;
}

/// ISO/IEC 18004 section 6.3.3: seven by seven, a ring and a core.
bool isFinder(const Grid& grid, std::size_t left, std::size_t top) {
    for (std::size_t y = 0; y < 7; ++y) {
        for (std::size_t x = 0; x < 7; ++x) {
            const bool ring = x == 0 || x == 6 || y == 0 || y == 6;
            const bool core = x >= 2 && x <= 4 && y >= 2 && y <= 4;
            if (grid[top + y][left + x] != (ring || core)) return false;
        }
    }
    return true;
}

TEST(QrCode, DrawsTheSmallestVersionWithItsFixedPatterns) {
    const auto small = qrCodeOf(core::Secret("1"));
    ASSERT_TRUE(small.ok());
    EXPECT_EQ(small->size, 21) << "version 1";
    const auto code = qrCodeOf(core::Secret(std::string(120, 'x')));
    ASSERT_TRUE(code.ok());
    EXPECT_EQ(code->size, 45) << "version 7 is the first that holds 120 bytes at level M";
    const Grid grid = drawn(*code);
    const auto far = grid.size() - 7;
    EXPECT_TRUE(isFinder(grid, 0, 0) && isFinder(grid, far, 0) && isFinder(grid, 0, far));
    EXPECT_FALSE(isFinder(grid, far, far)) << "the fourth corner tells which way is up";
    for (std::size_t i = 8; i < far; ++i) EXPECT_EQ(grid[6][i], i % 2 == 0) << "timing pattern " << i;
    EXPECT_TRUE(grid[grid.size() - 8][8]) << "the dark module";
}

TEST(QrCode, DiffersWithTheTextAndRefusesWhatDoesNotFit) {
    EXPECT_NE(qrCodeOf(core::Secret("otpauth://totp/a"))->path.reveal(),
              qrCodeOf(core::Secret("otpauth://totp/b"))->path.reveal());
    EXPECT_EQ(qrCodeOf(core::Secret(std::string(3000, 'x'))).error().code, core::ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace yimen::web
