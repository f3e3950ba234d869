;; Asks for whatever address a webhook or a response names in its body, word for word, as a plugin
;; does that goes from page to page. Behind an address that ends with `=` it puts the secret `key`.
(data (i32.const 128) "key")
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (local $command i32) (local $pieces i32)
  (if (i32.eq (i32.load8_u (local.get $input)) (i32.const IS_RESPONSE))
    (then
      ;; A response's body lies before where a webhook has its.
      (i64.store offset=32 align=4 (local.get $input)
        (i64.load offset=20 align=4 (local.get $input)))))
  (local.set $command (call $alloc (i32.const COMMAND_BYTES) (i32.const 4)))
  (local.set $pieces (call $alloc (i32.const 56) (i32.const 4)))
  (i64.store offset=4 align=4 (local.get $pieces)
    (i64.load offset=32 align=4 (local.get $input)))
  (i32.store8 offset=28 (local.get $pieces) (i32.const 1))
  (i32.store offset=32 (local.get $pieces) (i32.const 128))
  (i32.store offset=36 (local.get $pieces) (i32.const 3))
  (i32.store offset=8 (local.get $command) (local.get $pieces))
  (i32.store offset=12 (local.get $command)
    (i32.add (i32.const 1) (call $asks_for_key (local.get $input))))
  (i32.store offset=12 (local.get $result) (local.get $command))
  (i32.store offset=16 (local.get $result) (i32.const 1)))
(func $asks_for_key (param $input i32) (result i32)
  (local $length i32)
  (local.set $length (i32.load offset=36 (local.get $input)))
  (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
  (i32.eq
    (i32.load8_u
      (i32.sub
        (i32.add (i32.load offset=32 (local.get $input)) (local.get $length))
        (i32.const 1)))
    (i32.const 61)))
