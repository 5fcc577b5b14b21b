"""The known mistakes that the course promises, by assignment: each stands in misconceptions.py.

A name that turned out to be no mistake, or one that no test can see, is in `REPLACED` with what is
graded in its place.
"""

PROMISED = {
    "layers": """
        padding_once no_plus_one true_division depth_from_input no_depth_in_params bias_missing
        bias_per_weight_channel true_convolution no_bias bias_per_channel first_channel_only
        mean_over_window ignores_stride stride_one_axis stride_as_dilation ignores_padding
        padding_one_side padding_channels_too edge_padding transposed_filter
        swapped_height_width last_window_missed first_example_only integer_output square_only
        width_from_height float_sizes filter_count_as_size window_step_is_kernel unpadded_bounds
        example_index_for_filter db_mean db_first_example dw_overwritten dx_overwritten
        dx_keeps_padding dw_mean_over_batch dx_filter_not_flipped stride_ignored_in_dx
        uses_dout_first_filter empty_without_padding last_example_only max_from_zero
        average_for_max sum_for_average over_channels stride_is_one ceil_output
        non_overlapping_reshape spread_evenly overwrites_overlap routes_to_first
        gradient_of_average window_is_stride square_assumed upstream_ignored no_flatten
        flatten_all fortran_flatten dx_flat dw_transposed db_not_summed over_batch
        over_everything eps_outside_root no_eps divides_by_variance sample_std no_beta no_gamma
        scale_before_normalizing no_keepdims mean_path_missing variance_path_missing
        treats_statistics_as_constants dgamma_from_x dgamma_over_features dbeta_mean
        over_features momentum_swapped running_in_training batch_in_test updates_in_test
        running_std sample_variance sample_running_variance per_position updates_in_place
        returns_old_running eps_outside_root_at_test no_eps_at_test running_var_holds_eps
        divides_by_variance_at_test no_affine_at_test reshape_without_transpose keeps_axis
        interleaved_groups instance_norm_always layer_norm_always gamma_per_group
        group_size_for_count last_axis_gamma per_pixel too_many_axes p_is_drop_rate
        no_scaling_at_test scales_in_both inverted_in_vanilla multiplies_by_p_in_training
        drops_at_test one_mask_per_batch one_mask_per_example rescales_to_sum own_seed
        gaussian_mask divides_by_other_probability log2_masks natural_log_masks
        reshape_for_transpose height_width_swapped in_out_swapped kernel_untouched
    """,
    "activations": """
        sign_flipped overflow_nan tanh_for_sigmoid grad_takes_output grad_is_sigma
        grad_unscaled_square abs_for_relu in_place grad_at_negative returns_bool clips_at_one
        alpha_on_positive max_with_alpha alpha_subtracted grad_alpha_everywhere
        minus_one_outside elu_no_alpha elu_branch_swapped elu_grad_no_alpha overflow_leaks
        gelu_density gelu_tanh_approximation gelu_sigmoid_approximation missing_root_two
        gelu_cdf_only gelu_grad_no_product_rule silu_is_sigmoid silu_negative
        silu_grad_no_product_rule silu_grad_sigma_squared saturation_by_value
        saturation_only_positive counts_not_share threshold_on_output not_saturated_share
        forgets_activation_slope w_not_transposed slope_at_output wrong_order mean_for_norm
        zeros_not_dead dead_axis_swapped dead_any_example dead_on_average bias_forgotten
    """,
    "keras_layers": """
        weights_in_call numpy_weights not_trainable numpy_in_call axis_zero eps_outside_root
        config_incomplete super_forgotten moving_trainable python_state momentum_swapped
        updates_in_inference batch_in_inference training_ignored frozen_still_updates
        per_position gradient_stopped interleaved_groups gamma_per_group over_batch
        channels_first groups_as_size rate_is_keep not_scaled mask_fixed_at_build
        numpy_random_in_call same_seed_every_call drops_in_inference mask_per_batch flips_kernel
        no_bias in_out_swapped stride_ignored same_as_valid symmetric_same square_only
        static_batch tanh_approximation missing_root_two density_for_cdf float64_constant
        not_registered arguments_lost weights_only lambda_layer
    """,
    "vgg": """
        sum_of_kernels ignores_stride stride_applied_early product_of_kernels adds_kernel_each
        channels_once forgets_layers counts_bias kernel_not_squared valid_padding
        pool_after_every_conv no_activation activation_after_block_only strided_conv_for_pool
        same_pool average_pool pool_stride_one one_conv_only five_by_five sigmoid_for_relu
        missing_dense pool_for_flatten one_dense no_softmax relu_before_softmax sigmoid_output
        filters_constant wrong_block_order counts_all_layers counts_activations convs_only
        biases_as_layers share_of_layers_not_parameters percent_not_share swapped_shares
        input_shapes includes_batch_axis
    """,
    "resnet": """
        relu_before_add no_final_relu concatenate_for_add multiply_for_add shortcut_missing
        shortcut_after_first_conv adds_block_output_twice stride_in_both stride_in_second
        projection_always projection_without_stride projection_without_norm
        projection_three_by_three average_pool_shortcut no_second_norm norm_after_add
        pre_activation shared_norm valid_padding one_conv biased_convs training_flag_frozen
        symmetric_padding stride_in_three_by_three no_expansion expansion_first squeeze_missing
        relu_after_last_before_add stem_three_by_three stem_no_pool stem_stride_one
        stem_average_pool every_block_strides no_block_strides last_block_strides
        filters_double_every_block flatten_for_global_pool first_stage_strides basic_for_fifty
        bottlenecks_for_34 filters_not_doubled no_stem logits_for_probabilities
        depth_without_stem_and_head depth_counts_projections stages_not_blocks product_of_stages
        zeroes_everything zeroes_first_norm zeroes_kernel_only zeroes_gamma_only
        loss_gradient_wrt_weights inference_mode_gradient sum_of_gradient squared_norm
    """,
    "initialization": """
        includes_input no_relu relu_before_matmul normalizes_between same_matrix_every_layer
        forgets_half no_square_root assumes_4096 half_outside_root growth_of_variance
        conv_ignores_kernel conv_channels_first fans_swapped fans_product variance_for_std
        one_over_fan_in root_two_over_fan fan_out_kaiming xavier_for_kaiming slope_not_squared
        uniform_bound_is_std uniform_bound_three uniform_positive_only truncated_uncorrected
        uniform_for_normal own_seed one_row_repeated xavier_sum_not_mean xavier_fan_in_only
        xavier_variance_for_std xavier_ignores_kernel diagnoses_mean_not_scale
        thresholds_swapped absolute_not_ratio neighbouring_layers norm_not_rms
        constant_called_random looks_before_training first_layer_frozen first_two_units
        rows_not_units ignores_dtype ignores_seed config_missing_seed scales_keras_default
    """,
    "augmentation": """
        one_number_for_all per_image_statistics per_pixel_statistics mean_of_stds
        mean_of_image_means not_scaled_to_one sample_std uint8_overflow channels_first_axis
        statistics_of_this_batch divides_by_variance centers_only scales_then_centers
        denormalize_order vertical_flip channel_flip rotates_180 p_is_keeping ignores_p
        coin_per_batch always_flips flips_in_place flips_batch_axis long_side squashes_to_square
        height_width_swapped floor_long_side never_last_offset center_always
        same_offset_both_axes offset_per_channel crop_height_width_swapped wraps_around
        resizes_instead fixed_scale crop_then_resize scale_excludes_top rounded_scale
        scale_real_valued squashes no_flips vertical_flips flips_interleaved
        flips_the_image_first center_off_by_one corners_duplicated random_crops votes_not_means
        one_scale center_only sums_not_means averages_images last_scale_only additive_brightness
        contrast_about_half contrast_about_zero contrast_per_channel_mean equal_grey_weights
        no_clipping same_factor_for_both clip_255 cutout_inverse cutout_always_inside
        cutout_per_channel cutout_mean_fill cutout_in_place cutout_half_size cutout_double_size
        negative_start averages_z one_sample same_z_every_time median_for_mean
    """,
    "transfer": """
        training_mode_features takes_logits flattens max_pools wrong_layer all_at_once cosine
        dot_product farthest_first unsorted axis_swapped returns_distances manhattan
        excludes_first base_trainable batchnorm_moves cloned_without_weights no_softmax
        hidden_layer_added no_pool frozen_head unfreezes_everything freezes_last_layers
        freezes_all freezes_none reinitialized off_by_one_frozen same_rate larger_rate
        not_recompiled flags_reset table_transposed always_finetune data_axis_flipped
        threshold_thousand counts_layers counts_variables statistics_as_trainable swapped
    """,
    "hyperparameters": """
        log2 log10 one_over_classes wrong_sign includes_regularization training_mode_loss
        sum_not_mean trains_on_all keeps_regularization never_stops model_reused
        reports_validation model_shared_between_rates epochs_for_iterations decay_off
        same_batch_always running_mean_loss rate_never_applied weights_not_restored
        final_loss_only picks_lowest_rate picks_nan picks_first uniform_not_log base_mixed
        integer_exponents arguments_swapped normal_exponent reciprocal_uniform zip_for_product
        one_dict_shared last_value_missing one_at_a_time empties_the_space minimises over_budget
        same_sample reseeds crash_stops_search failures_dropped failure_scores_zero
        one_dict_for_all mutates_space counts_trials counts_axes distinct_trials
        repeats_subtracted gap_ignored high_low_swapped plateau_as_underfitting nan_ignored
        linear_range widens leaves_old_range centers_on_worst name_unused
    """,
}

REPLACED: dict[str, dict[str, str]] = {
    # With the first layer frozen the units agree afterwards exactly where they agreed before.
    "initialization": {"first_layer_frozen": "second_layer_frozen"},
}
