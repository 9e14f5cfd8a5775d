#pragma once

#include <string>

namespace yimen::test {

/// A throw-away certificate and key in PEM files that live as long as this value.
class TlsFilesForTest {
public:
    /// Self-signed, or signed by `issuer`. `names` as in subjectAltName: "DNS:a.example,IP:127.0.0.1".
    explicit TlsFilesForTest(const std::string& names, const TlsFilesForTest* issuer = nullptr);
    ~TlsFilesForTest();
    TlsFilesForTest(const TlsFilesForTest&) = delete;
    TlsFilesForTest& operator=(const TlsFilesForTest&) = delete;

    std::string certificate() const { return folder_ + "/cert.pem"; }
    std::string key() const { return folder_ + "/key.pem"; }
    /// Lower-case hex SHA-256 of the certificate's DER form.
    std::string sha256() const;

private:
    std::string folder_;
};

}  // namespace yimen::test
