#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/url.h"

namespace yimen::adapter {

/// One cookie of a system (RFC 6265 section 5.3). The value is as good as a password: never logged.
struct Cookie {
    std::string name;
    std::string value;
    std::string domain;  ///< lower case, without a leading dot
    std::string path;
    bool hostOnly = true;
    bool secure = false;
    bool persistent = false;
    core::WallTime expires{};
    core::WallTime created{};
};

/// A system's cookies for one person: RFC 6265 sections 5.1 to 5.4 on the upstream side of the hub. A domain the
/// answering host does not belong to is not refused but made host-only: systems behind a gateway often name the domain
/// they once had (`Domain=.dlzs.gov.local`). Not thread-safe, a value.
class CookieJar {
public:
    static constexpr std::size_t kMaxCookies = 64;
    static constexpr std::size_t kMaxCookieBytes = 8 * 1024;

    /// Takes one Set-Cookie value from an answer to `url`. False when it was not understood or passed a limit.
    bool store(std::string_view setCookie, const core::Url& url, core::WallTime now);
    /// The Cookie value for a request, longest path first (section 5.4); empty when there is none.
    std::string header(std::string_view host, std::string_view path, bool secure, core::WallTime now) const;
    /// Sets a cookie the hub made itself, host-only and for every path.
    void put(std::string_view name, std::string_view value, const core::Url& origin, core::WallTime now);
    bool has(std::string_view name) const noexcept;
    bool empty() const noexcept { return cookies_.empty(); }
    void clear();
    ~CookieJar();
    CookieJar() = default;
    CookieJar(const CookieJar&) = default;
    CookieJar(CookieJar&&) noexcept = default;
    /// By copy and swap: the parameter takes the former values along, and its end wipes them.
    CookieJar& operator=(CookieJar other) noexcept {
        cookies_.swap(other.cookies_);
        return *this;
    }

private:
    void insert(Cookie cookie, core::WallTime now);

    std::vector<Cookie> cookies_;
};

}  // namespace yimen::adapter
