;; Never ends with poison.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (if (call $is_poison (local.get $input)) (then (loop $for_ever (br $for_ever))))
  (call $queued (local.get $input) (local.get $result)))
