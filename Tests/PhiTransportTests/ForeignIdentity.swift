/// An identity of another algorithm: a self-signed P-256 certificate, valid until 2126.
enum ForeignIdentity {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBczCCARmgAwIBAgIUHCiDIs0G5mOc7hZm2C2oNYTJ84YwCgYIKoZIzj0EAwIw
        DjEMMAoGA1UEAwwDcGhpMCAXDTI2MTEyMjE1Mzg0MFoYDzIxMjYxMDI5MTUzODQw
        WjAOMQwwCgYDVQQDDANwaGkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS9IRWN
        rdtbRv18HNKev+t+k0AL2PFrfPcaaGydRF74pRA6ww4gg9XAh1o2zROTocd+FAWm
        htc4HXmWZwMws/fTo1MwUTAdBgNVHQ4EFgQURiRxELLmPPqnuLFSQlU9lCHSitAw
        HwYDVR0jBBgwFoAURiRxELLmPPqnuLFSQlU9lCHSitAwDwYDVR0TAQH/BAUwAwEB
        /zAKBggqhkjOPQQDAgNIADBFAiB7HWvWEhpQuZi/avlhjDla1a/L8l2KEoVXMX9E
        Xf9RJQIhAP255cGmwfzgwp0r+T3G41tGLxnMRgcnTSlE8RfQ9iGI
        -----END CERTIFICATE-----
        """

    static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKxXAdQ5eWfE9QGXQ
        q/iwRGis2VNxg2Klvq0RtQTgKYahRANCAAS9IRWNrdtbRv18HNKev+t+k0AL2PFr
        fPcaaGydRF74pRA6ww4gg9XAh1o2zROTocd+FAWmhtc4HXmWZwMws/fT
        -----END PRIVATE KEY-----
        """
}
