#include "http/curl_exchange.h"

#include <gtest/gtest.h>

namespace yimen::http {
namespace {

using core::ErrorCode;

class CheckRequest : public testing::Test {
protected:
    static core::Url url(const std::string& text) { return core::Url::parse(text).value(); }
    ErrorCode refusal() const {
        const auto checked = checkRequest(config_, request_);
        EXPECT_FALSE(checked.ok());
        return checked.ok() ? ErrorCode::kInternal : checked.error().code;
    }

    ClientConfig config_{{url("https://data.example")}, "", "", 1};
    ClientRequest request_{"GET", url("https://data.example/rows?page=1"), {{"X-Test", "v"}}, "", {}};
};

TEST_F(CheckRequest, TakesWhatIsOneRequestToAKnownOrigin) {
    EXPECT_TRUE(checkRequest(config_, request_).ok());
    request_.url = url("https://DATA.example:443/");
    EXPECT_TRUE(checkRequest(config_, request_).ok());
}

TEST_F(CheckRequest, RefusesEveryOtherOrigin) {
    for (const char* other : {"http://data.example/", "https://data.example:8443/", "https://data.example.net/"}) {
        request_.url = url(other);
        EXPECT_EQ(refusal(), ErrorCode::kDenied) << other;
    }
}

TEST_F(CheckRequest, RefusesFieldsThatWouldSplitTheRequest) {
    for (const auto& field :
         {ClientField{"X", "a\r\nY: b"}, ClientField{"X", "a\nb"}, ClientField{"X: y\r\nZ", "a"},
          ClientField{"X Y", "a"}, ClientField{"", "a"}, ClientField{"X", std::string("a\0b", 3)}}) {
        request_.fields = {field};
        EXPECT_EQ(refusal(), ErrorCode::kInvalidInput) << field.name;
    }
}

TEST_F(CheckRequest, RefusesMethodsAndAddressesThatAreNone) {
    request_.method = "GET / HTTP/1.1\r\nX:";
    EXPECT_EQ(refusal(), ErrorCode::kInvalidInput);
    request_.method = "GET";
    request_.url.path = "/a b";
    EXPECT_EQ(refusal(), ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace yimen::http
