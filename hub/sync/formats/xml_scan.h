#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace yimen::sync {

/// What an XML scan gives: element names without prefix ("soap:Body" is Body), attributes by their local names, text
/// and CDATA alike. Good while the call lasts.
class XmlVisitor {
public:
    using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;
    virtual ~XmlVisitor() = default;
    virtual void open(std::string_view name, const Attributes& attributes) = 0;
    virtual void close(std::string_view name) = 0;
    virtual void text(std::string_view text) = 0;
};

/// Limits of a document. Each is an error when it is passed.
struct XmlLimits {
    std::size_t maxDepth = 64;
    std::size_t maxAttributes = 256;               ///< of one element
    std::size_t maxText = std::size_t{16} << 20U;  ///< bytes of one text
};

/// Scans a document in UTF-8 with expat, whatever encoding its declaration names. A document type declaration is
/// refused before anything of it is read, so there are no entities beyond the five of XML and nothing is ever fetched.
/// Pieces of any size; one thread. Errors name document, line and what to do.
class XmlScan {
public:
    XmlScan(XmlVisitor& visitor, std::string document, const XmlLimits& limits = {});
    ~XmlScan();
    XmlScan(const XmlScan&) = delete;
    XmlScan& operator=(const XmlScan&) = delete;

    core::Status feed(std::string_view piece, bool last);
    std::uint64_t line() const noexcept;
    /// Makes the scan fail with this, from within the visitor.
    void fail(std::string why);

private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

/// The text of the first element (or attribute, "a/b/@c") at `path` from the root, which is its first name. Nothing
/// when there is none. A leading '/' is allowed. Any thread.
core::Result<std::optional<std::string>> xmlTextAt(std::string_view xml, std::string_view path,
                                                   const std::string& document);

}  // namespace yimen::sync
