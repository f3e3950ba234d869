;; Tells poison politely: not what the network promises.
(data (i32.const 128) "not what the network promises")
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (if (call $is_poison (local.get $input))
    (then
      (i32.store8 (local.get $result) (i32.const 1))
      (i32.store offset=8 (local.get $result) (i32.const 128))
      (i32.store offset=12 (local.get $result) (i32.const 29))
      (return)))
  (call $queued (local.get $input) (local.get $result)))
