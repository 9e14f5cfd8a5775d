#pragma once

#include <memory>
#include <string>

#include "sync/sources/http_request.h"
#include "sync/sources/http_spec.h"
#include "sync/sources/http_token.h"

namespace yimen::sync {

/// An answer whose body is a document as declared.
struct HttpAnswer {
    http::ClientResponse response;
    OpenDocument document;

    /// A value of the answer; nothing when it is not there.
    core::Result<std::optional<std::string>> at(const HttpValueAt& place) const;
};

/// One call of a system's interface: request filled, signed, sent, answer judged and opened. Thread-safe.
class HttpExchange {
public:
    HttpExchange(std::shared_ptr<const HttpSpec> spec, HttpParts parts)
        : spec_(std::move(spec)),
          parts_(std::move(parts)),
          token_(spec_->token ? std::make_shared<HttpToken>(spec_, parts_) : nullptr) {}

    using Values = RequestValues;
    /// `name` is the document for people. kConflict with detail "expired": the cursor is no longer valid.
    core::Result<HttpAnswer> call(const Values& values, const std::string& name) const;

    static constexpr std::string_view kExpired = "expired";

private:
    core::Result<HttpAnswer> once(const Values& values, const std::string& name) const;
    core::Result<http::ClientResponse> send(const Values& values) const;
    core::Status judge(const HttpAnswer& answer, const std::string& name) const;
    core::Status unwrap(HttpAnswer& answer, const std::string& name) const;

    std::shared_ptr<const HttpSpec> spec_;
    HttpParts parts_;
    std::shared_ptr<HttpToken> token_;  ///< null: no token is needed
};

}  // namespace yimen::sync
