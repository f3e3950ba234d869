;; Asks for whatever address a webhook or a response names in its body, word for word, as a plugin
;; does that goes from page to page.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (local $command i32)
  (if (i32.eq (i32.load8_u (local.get $input)) (i32.const 1))
    (then
      ;; A response's body lies before where a webhook has its.
      (i64.store offset=32 align=4 (local.get $input)
        (i64.load offset=20 align=4 (local.get $input)))))
  (local.set $command (call $alloc (i32.const 40) (i32.const 4)))
  (i64.store offset=8 align=4 (local.get $command)
    (i64.load offset=32 align=4 (local.get $input)))
  (i32.store offset=12 (local.get $result) (local.get $command))
  (i32.store offset=16 (local.get $result) (i32.const 1)))
