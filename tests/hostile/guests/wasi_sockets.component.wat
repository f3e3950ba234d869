;; Wants a network. A whole component, since this is about its imports and nothing else.
(component
  (import "wasi:sockets/tcp@0.2.0" (instance
    (export "tcp-socket" (type (sub resource))))))
