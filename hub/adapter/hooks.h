#pragma once

#include <memory>
#include <string>

#include "adapter/exchange.h"
#include "core/result.h"
#include "lua/state.h"

namespace yimen::adapter {

/// An adapter's Lua file, compiled once. Each call gets a fresh state that is wiped afterwards: nothing of one person
/// can be seen by the next. Immutable, any thread.
///
/// The file returns a table; the hub calls `transform(fields, page)` before a login form is posted: `fields` maps the
/// names that will be posted to their values (UTF-8), `page` has `action` and `html`. It changes `fields` and returns
/// it; a name set to false is not posted. Scripts have, besides the sandbox's own: hash.md5/sha1/sha256/sm3(text) and
/// hash.hmac(name, key, text) in lower-case hex, base64.encode/decode, url.encode/decode, charset.encode/decode(text,
/// name), json.encode/decode, html.form(text, control), http.get(path) and http.post(path, fields) on the system's own
/// origin, log.info(text) with the account's values masked.
class Hooks {
public:
    /// kInvalidInput with file:line for a file that does not compile or run, or has no `transform`.
    static core::Result<std::shared_ptr<const Hooks>> load(const std::string& folder, const std::string& file);

    /// Runs transform on the form that is about to be posted. Errors hold no secret of the context.
    core::Status transform(Exchange& exchange, HtmlForm& form, const std::string& html) const;

private:
    explicit Hooks(lua::Chunk chunk) : chunk_(std::move(chunk)) {}
    lua::Chunk chunk_;
};

/// The host functions of a sign-on script. They use `exchange` while it lives.
std::vector<lua::HostBinding> hostApi(Exchange& exchange);
/// Overwrites every value of the account and every system secret in a text with "***".
std::string maskSecrets(std::string text, const SecretMap& secrets);

}  // namespace yimen::adapter
