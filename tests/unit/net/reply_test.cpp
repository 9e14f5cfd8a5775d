#include "net/reply.h"

#include <gtest/gtest.h>

namespace yimen::net {
namespace {

TEST(Reply, NamesItsStatus) {
    EXPECT_EQ(reasonPhrase(431), "Request Header Fields Too Large");
    EXPECT_EQ(reasonPhrase(299), "Unknown");
}

}  // namespace
}  // namespace yimen::net
